//! The integration tests, as one binary: stories a person would see, contract suites, recovery.

mod acceptance;
mod browser;
mod command_catalogue;
mod configuration;
mod configuration_files;
mod digest;
mod export;
mod feed;
mod mounted;
mod readings;
mod recorded;
mod report_house;
mod routing;
mod scripted;
mod slack;
mod store_commands;
mod store_contract;
mod store_recovery;
mod store_samples;
mod story;
mod survival;
mod web_board;
mod web_board_desk;
mod web_board_door;
mod web_board_things;
mod webhook;
