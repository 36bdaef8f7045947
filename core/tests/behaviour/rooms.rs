//! Arrows point down: the ground knows no platform, and a platform no other.

use std::fs;
use std::path::{Path, PathBuf};

const PLATFORMS: [&str; 2] = ["digime", "pkb"];

/// What names platforms since that is what it is for.
const LISTS: [&str; 3] = ["lib.rs", "describe.rs", "binding/platforms.rs"];

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Whether code names a module: comments and texts may speak of whatever they like.
fn names(code: &str, module: &str) -> bool {
    let path = format!("{module}::");
    let lines = code.lines().map(|line| line.split("//").next().unwrap());
    let mut words = lines.flat_map(|line| line.split('"').step_by(2));
    words.any(|code| {
        let is_name = |index: usize| {
            let before = code[..index].chars().next_back();
            before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
        };
        code.match_indices(&path).any(|(index, _)| is_name(index))
    })
}

#[test]
fn the_ground_names_no_platform_and_a_platform_no_other() {
    let root = sources();
    let (mut ground, mut arrows) = (0, Vec::new());
    for file in files(&root) {
        let place = file
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let code = fs::read_to_string(&file).unwrap();
        let own = PLATFORMS
            .iter()
            .find(|name| place.starts_with(&format!("{name}/")));
        ground += usize::from(own.is_none());
        let others = PLATFORMS.iter().filter(|name| Some(*name) != own);
        if !LISTS.contains(&place.as_str()) {
            arrows.extend(
                others
                    .filter(|name| names(&code, name))
                    .map(|name| format!("{place} names {name}")),
            );
        }
    }
    assert!(ground > 40, "the ground was not found: {ground} files");
    assert!(arrows.is_empty(), "{arrows:#?}");
}

#[test]
fn the_lists_of_platforms_do_name_them() {
    for list in ["describe.rs", "binding/platforms.rs"] {
        let code = fs::read_to_string(sources().join(list)).unwrap();
        assert!(PLATFORMS.iter().all(|name| names(&code, name)), "{list}");
    }
}

#[test]
fn which_platforms_a_build_has_is_asked_in_the_module_map_alone() {
    let root = sources();
    let asks = |file: &PathBuf| {
        let code = fs::read_to_string(file).unwrap();
        PLATFORMS
            .iter()
            .any(|name| code.contains(&format!("feature = \"{name}\"")))
    };
    let asking: Vec<_> = files(&root).into_iter().filter(asks).collect();
    assert_eq!(asking, [root.join("lib.rs")]);
}
