//! A call of the application: what it makes of its outcome, and those that are about tokens.

use std::sync::Arc;

use digime_sdk::digime::{
    Client, ContractDetails, ExchangeCodeForTokenOptions, GetAuthorizeUrlOptions,
    ReadAccountsOptions, RefreshTokenOptions, UserAccessToken,
};
use digime_sdk::{Error, ErrorKind};
use futures_util::future::{Either, select};

use crate::digime::keys::CONTRACT_KEY;
use crate::digime::process::{Heard, Process, text};
use crate::digime::schedule::Schedule;
use crate::executor::{MILLISECOND, Micros, SECOND, lock};
use crate::faults::Kind;
use crate::judging::{TOLERANCE, is_call_timeout};

/// How much later than its time a call may end: it looks for an answer again where it was frozen, and what bounds it goes off a little later.
const LATER: Micros = 2_200 * MILLISECOND;

/// Calls of one process.
pub struct Calls<'a> {
    pub schedule: &'a Arc<Schedule>,
    pub process: &'a Arc<Process>,
    pub client: &'a Client,
}

/// What came of a call; none where it was cancelled.
pub type Made<T> = Option<Result<T, Error>>;

/// The contract that is consented to.
pub fn contract() -> ContractDetails {
    ContractDetails::new(text("contract"), text(CONTRACT_KEY))
}

impl Calls<'_> {
    /// The verifier of a consent that may be given.
    pub async fn asks_for_consent(&self) -> Made<String> {
        let options = GetAuthorizeUrlOptions::builder()
            .contract_details(contract())
            .callback(text("https://app.example/return"))
            .state("state")
            .build();
        let asked = self.client.get_authorize_url(options);
        let asked = self.made("getAuthorizeUrl", None, asked).await?;
        Some(asked.map(|asked| asked.code_verifier.expose().clone()))
    }

    pub async fn exchanges(&self, verifier: &str, code: &str) -> Made<UserAccessToken> {
        let options = ExchangeCodeForTokenOptions::builder()
            .contract_details(contract())
            .code_verifier(text(verifier).into())
            .authorization_code(text(code).into())
            .build();
        let exchanged = self.client.exchange_code_for_token(options);
        let exchanged = self.made("exchangeCodeForToken", None, exchanged).await?;
        if let Ok(token) = &exchanged {
            self.schedule.keeps(self.user(), token);
        }
        Some(exchanged)
    }

    pub async fn refreshes(&self, token: &UserAccessToken) -> Made<()> {
        let options = RefreshTokenOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .build();
        let refreshed = self.client.refresh_token(options);
        let refreshed = self
            .made("refreshToken", Some((token, None)), refreshed)
            .await?;
        if let Ok(token) = &refreshed {
            self.schedule.keeps(self.user(), token);
        }
        Some(refreshed.map(drop))
    }

    pub async fn accounts(&self, token: &UserAccessToken) -> Made<()> {
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let options = ReadAccountsOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .on_access_token_change(hook)
            .build();
        let read = self.client.read_accounts(options);
        let read = self
            .made("readAccounts", Some((token, Some(took))), read)
            .await?;
        if let Ok(read) = &read {
            let id = read.accounts.first().map(|account| account.id.clone());
            if id != Some(format!("account-{}", self.user())) {
                self.schedule
                    .broken(format!("the accounts of user {} are {id:?}", self.user()));
            }
        }
        Some(read.map(drop))
    }

    /// Makes a call, with a token and what its hook took of the time, and looks at how it ended; none where it was cancelled.
    pub async fn made<T>(
        &self,
        name: &str,
        with: Option<(&UserAccessToken, Option<Arc<Heard>>)>,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Made<T> {
        let Self {
            schedule, process, ..
        } = self;
        let (executor, machine) = (&schedule.executor, &process.machine);
        let (began, by_clock) = (executor.now(), machine.steady_micros());
        schedule.trace(|| format!("process {} calls {name}", process.number));
        let cancelled = schedule.strikes(Kind::Cancel, machine.number);
        let patience = cancelled.map_or(Micros::MAX, |mut chance| {
            let longest = chance.one_of(&[10 * MILLISECOND, SECOND, 20 * SECOND]);
            chance.below(longest)
        });
        let outcome = match select(Box::pin(call), executor.after(patience)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => {
                schedule.trace(|| format!("process {} leaves {name}", process.number));
                return None;
            }
        };
        schedule.trace(|| {
            let how = match &outcome {
                Ok(_) => "well".to_owned(),
                Err(error) => format!("with {}: {error}", error.code()),
            };
            format!("process {}: {name} ends {how}", process.number)
        });
        let (token, hook) = with.unzip();
        let heard = hook.flatten();
        let hook = heard.as_ref().map_or(0, |heard| heard.took());
        let took = machine.steady_micros().saturating_sub(by_clock);
        let excused = machine.still_between(began, executor.now()) + hook;
        if name != "readAllFiles" && took > schedule.call + LATER + excused {
            schedule.broken(format!(
                "{name} took {took} µs of process {}",
                process.number
            ));
        }
        if let Err(error) = &outcome {
            self.judged(name, error);
            self.brings_along(name, heard.as_deref(), error);
            if is_call_timeout(error) && name != "readAllFiles" && took + TOLERANCE < schedule.call
            {
                schedule.broken(format!(
                    "{name} of process {} says after {took} µs that its time is over",
                    process.number
                ));
            }
            self.learns(token, error);
        }
        Some(outcome)
    }

    /// An error brings along the token that the call has had: applications without a hook learn of it by nothing else, and those whose hook has failed
    /// have it from there alone.
    pub fn brings_along(&self, name: &str, heard: Option<&Heard>, error: &Error) {
        let is_of_hook =
            matches!(error.kind(), ErrorKind::Sdk(words) if words.starts_with("a callback failed"));
        let is_due = is_of_hook || heard.is_some_and(Heard::has_taken);
        if is_due && error.user_access_token().is_none() {
            self.schedule.broken(format!(
                "{name} of process {} failed without the token that it has had: {error}",
                self.process.number
            ));
        }
    }

    /// That a call fails has to have a reason that was there.
    pub fn judged(&self, name: &str, error: &Error) {
        let is_explained = match error.kind() {
            ErrorKind::Sdk(words) => {
                words.starts_with("a callback failed")
                    || words.contains("the stream of the file failed")
            }
            // Right after the platform has changed its key, a key set that was fetched a moment ago may lack it.
            ErrorKind::TokenVerification(_) => lock(&self.schedule.platform).key > 0,
            ErrorKind::TypeValidation { .. }
            | ErrorKind::UnexpectedResponse(_)
            | ErrorKind::FileDecryption(_)
            | ErrorKind::FileLimit { .. }
            | ErrorKind::ClientClosed => false,
            _ => true,
        };
        if !is_explained {
            self.schedule.broken(format!(
                "{name} of process {} failed for no reason: {error}",
                self.process.number
            ));
        }
    }
}
