//! A test that runs once more in a process of its own: the environment belongs to the process.

use std::ffi::OsStr;
use std::process::Stdio;

use tokio::process::Command;

/// Set in that process.
const AGAIN: &str = "DIGIME_TEST_AGAIN";

/// Whether this is the process that was started for the test.
pub fn is_again() -> bool {
    std::env::var_os(AGAIN).is_some()
}

/// Runs the test of this name in a process with these variables, none of which says anything of proxies or certificates unless it is given.
pub async fn again<'a>(name: &str, variables: impl IntoIterator<Item = (&'a str, &'a OsStr)>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", name, "--nocapture"])
        .env(AGAIN, "yes")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in ["http", "https", "all", "no"] {
        let name = format!("{name}_proxy");
        command.env_remove(name.to_uppercase()).env_remove(name);
    }
    command
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    let output = command.envs(variables).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
