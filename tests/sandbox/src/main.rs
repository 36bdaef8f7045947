//! The command: flags in, one line of JSON out, then serving until it is told to stop.

use std::error::Error;
use std::io::{Write, copy, sink, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use clap::Parser;
use digime_sandbox::{Config, ConfigFile, Lifetimes, Pace, PkbSettings, Server};
use tokio::signal;
use tokio::sync::oneshot;

/// digi.me and Patients Know Best, offline.
///
/// Prints one line of JSON with the addresses of both, application and contracts, clients and people (private keys,
/// secrets and passwords included) and serves until it is interrupted. Everything is kept in memory.
///
/// Of digi.me it answers every call of the API under /v1.7/ and of the cloud under /cloud/v1/, checks them as strictly
/// as the platform does, and shows the pages under /apps/saas/ that a person clicks through. Its front page lists the
/// sources to choose from; what is pushed to the library with one contract can be read with the other.
///
/// Of Patients Know Best it has /apiAuthorize.action, where people log in, /apiToken.action, /api/oauth/token for the
/// system client, and a part of the APIs under /fhir/ and /json/. Aggregated, Customer and their token endpoint are at ports of their own.
#[derive(Parser)]
#[command(version, after_long_help = CONTROL)]
struct Flags {
    /// The port of 127.0.0.1 to serve on; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// A JSON file of the shape that is printed: applicationId, contracts, pkb, and also platformKey (PEM) and sources;
    /// what it leaves out is made afresh
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One more address that both contracts may send people back to (repeatable); the port of a loopback address is
    /// not compared
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// End when standard input does as well. Who starts the sandbox with a pipe there, and keeps its other end, leaves none
    /// behind, however it ends itself
    #[arg(long)]
    until_stdin_closes: bool,
    #[command(flatten)]
    lifetimes: Lifetimes,
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    pkb: PkbSettings,
}

/// What tests and demonstrations can look at and turn.
const CONTROL: &str = "\
Beside the platforms there is:
  GET    /                               the front page, for people
  GET    /pushed                         everything that was pushed, for people
  GET    /_sandbox/pushed                the same as JSON; ?userId= shows one person's
  GET    /_sandbox/requests              requests by route and outcome, as JSON
  GET    /_sandbox/tally                 how often codes and refresh tokens were spent, and refresh tokens once more, as JSON
  POST   /_sandbox/expire-access-tokens  ends every access token
  POST   /_sandbox/expire-sessions       ends every reading session
  POST   /_sandbox/faults                lets calls go wrong: {\"route\": \"GET /v1.7/permission-access/accounts\",
                                         \"fault\": …, \"count\": 1}, the route as in /_sandbox/requests, the fault one of
                                           {\"status\": 503, \"headers\": {}, \"body\": …}  another answer
                                           {\"delayMs\": 500}                          the call is done late
                                           {\"delayAnswerMs\": 500}                    it is done, and the answer comes late
                                           {\"truncateAfter\": 100}                    it breaks off after so many bytes
                                           \"reset\"                                   the connection is reset at once
                                           \"lose-answer\"                             the same, after the call is done
                                           \"wrong-signature\"                         its token has another key's signature
  DELETE /_sandbox/faults                forgets the faults still to come
and for Patients Know Best:
  GET    /_sandbox/pkb/tally             how often each thing was done, as JSON
  GET    /_sandbox/pkb/modes             what the platform leaves open, and how it is taken, as JSON
  GET    /_sandbox/pkb/customer          what Customer keeps, and what became of it on its way to Aggregated, as JSON
  PUT    /_sandbox/pkb/modes             takes it otherwise, such as {\"purviewMethod\": \"POST\"}
  POST   /_sandbox/pkb/expire-access-tokens  ends every access token
  POST   /_sandbox/pkb/expire-sessions   ends every API session
  POST   /_sandbox/pkb/last-change       says when the data of {\"publicId\": …} last changed, its \"time\" or null, until it does
  POST   /_sandbox/pkb/freeze, /unfreeze freezes or thaws the access of {\"publicId\": …}";

#[tokio::main]
async fn main() -> ExitCode {
    match run(Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("digime-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(flags: Flags) -> Result<(), Box<dyn Error>> {
    let file = match &flags.config {
        Some(path) => ConfigFile::read(path)?,
        None => ConfigFile::default(),
    };
    let config = Config::new(file, &flags.redirect_uri, flags.lifetimes)?
        .with_pace(flags.pace)
        .with_pkb(flags.pkb);
    let server = Server::bind(config, flags.port).await?;
    let mut stdout = stdout();
    writeln!(stdout, "{}", serde_json::to_string(&server.announcement())?)?;
    stdout.flush()?;
    tokio::select! {
        ended = server.run() => Ok(ended?),
        stopped = stop() => Ok(stopped?),
        closed = stdin_closed(), if flags.until_stdin_closes => Ok(closed?),
    }
}

/// Waits for the end of standard input, whatever comes there. In a thread of its own: one of tokio's would hold up the end
/// of the process while it reads.
async fn stdin_closed() -> std::io::Result<()> {
    let (end, ended) = oneshot::channel();
    thread::spawn(move || end.send(copy(&mut stdin().lock(), &mut sink())));
    match ended.await {
        Ok(Err(unreadable)) => Err(unreadable),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

/// Waits for SIGINT or, where there is one, SIGTERM.
async fn stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}
