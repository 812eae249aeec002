//! Starts that must fail: each says what is wrong and what to do, in one line, with exit code 1.

use std::fs;

use super::house::House;

#[test]
fn a_second_process_is_told_who_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let house = House::built(folder.path(), &data, 1, 1.0);
    let (open, _client) = house.open();
    let (code, said) = house.refusal("127.0.0.1:0");
    assert_eq!(code, Some(1), "{said}");
    let holder = format!("another Switchboard (process {}) is using", open.id());
    assert!(said.contains(&holder) && said.contains("--data"), "{said}");
    open.kill();
    house.open().0.kill();
}

#[test]
fn an_address_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::built(folder.path(), &folder.path().join("data"), 1, 1.0);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = house.refusal(&address);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&address) && said.contains("--address"), "{said}");
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::write(&data, "in the way").unwrap();
    let house = House::built(folder.path(), &data, 1, 1.0);
    let (code, said) = house.refusal("127.0.0.1:0");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains(&data.display().to_string()) && said.contains("choose another --data"),
        "{said}"
    );
    assert_eq!(said.matches('\n').count(), 1, "{said}");
}
