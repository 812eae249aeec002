//! Configuration: settings assembled from sections that live beside the code they configure.
