//! Searches the model at the size that is given: processes, refreshes, faults.

use std::process::ExitCode;

use digime_lease_model::Model;

fn main() -> ExitCode {
    let mut sizes = std::env::args().skip(1).map(|size| size.parse::<u8>());
    let mut size = |usual| sizes.next().unwrap_or(Ok(usual));
    let (Ok(processes), Ok(refreshes), Ok(faults)) = (size(3), size(2), size(2)) else {
        eprintln!("usage: digime-lease-model [processes] [refreshes] [faults]");
        return ExitCode::FAILURE;
    };
    let model = Model {
        processes: processes.into(),
        refreshes,
        faults,
        mistake: None,
    };
    let verdict = model.search();
    println!(
        "{processes} processes, {refreshes} refreshes, {faults} faults: {} states, {} steps, up to {} from the first",
        verdict.states, verdict.steps, verdict.depth
    );
    match verdict.found {
        None => {
            println!("every promise is kept in each of them");
            ExitCode::SUCCESS
        }
        Some(found) => {
            println!("{found}");
            ExitCode::FAILURE
        }
    }
}
