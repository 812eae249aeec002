//! Configuration: what a person sees when it is right, and every problem at once when it is not.

use switchboard::config;

#[test]
fn the_demo_company_is_understood() {
    let settings = match config::demo() {
        Ok(settings) => settings,
        Err(problems) => panic!("{}", problems.iter().map(ToString::to_string).collect::<String>()),
    };
    assert_eq!(settings.company.name, "Larkspur Home");
    assert_eq!(settings.company.departments.len(), 6);
    assert_eq!(settings.company.members.len(), 14);
    assert_eq!(settings.routes.len(), 13);
}
