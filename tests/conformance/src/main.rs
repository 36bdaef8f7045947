//! The command through which runners in other languages reach the replayer.

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use digime_conformance::{Control, ReplayError, SCENARIOS, Scenario};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if arguments != ["serve"] {
        eprintln!("usage: digime-conformance serve");
        return ExitCode::from(2);
    }
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("digime-conformance: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), ReplayError> {
    let control = Control::new(Scenario::load_all(Path::new(SCENARIOS))?).await?;
    println!("{{\"control\":\"{}\"}}", control.origin());
    io::stdout().flush()?;
    control.serve().await
}
