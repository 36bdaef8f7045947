//! One replay of one scenario, from the two servers to the list of failures.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::elsewhere::Elsewhere;
use crate::keys::ContractKey;
use crate::loopback::Reserved;
use crate::marks::Places;
use crate::outcome::{self, Outcome};
use crate::platform::{Log, Platform};
use crate::scenario::{Scenario, Script, Step};
use crate::{ReplayError, invariants, request};

/// A scenario being replayed: its servers answer until it is finished or dropped.
pub struct Run {
    /// The address of the scripted platform.
    pub origin: String,
    /// The configuration for the SDK's `init`. A call of `init` itself takes its own arguments alone instead.
    pub init: Value,
    /// The calls to make, in order.
    pub calls: Vec<Call>,
    steps: Vec<Step>,
    contract: ContractKey,
    platform: Platform,
    elsewhere: Elsewhere,
}

/// A call to make on the SDK.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Its name in the JavaScript SDK.
    pub call: String,
    /// Its arguments; the marks for runners (`$bytes`, `$stream`, `$callback`, `$undefined`, `$prior`) are in place.
    pub args: Value,
}

impl Run {
    /// Starts the servers of a scenario.
    pub async fn start(scenario: &Scenario) -> Result<Self, ReplayError> {
        let mark = |reason| ReplayError::Mark {
            scenario: scenario.id.clone(),
            reason,
        };
        let (platform, elsewhere) = (Reserved::new().await?, Reserved::new().await?);
        let origin = format!("http://{}", platform.address);
        let places = Places {
            origin: origin.clone(),
            elsewhere: elsewhere.address.to_string(),
        };
        let document = places.fill(&scenario.document).map_err(mark)?;
        let script = Script::deserialize(document).map_err(|error| mark(error.to_string()))?;
        Ok(Self {
            init: with_addresses(script.init, &origin),
            calls: script.steps.iter().map(Call::of).collect(),
            steps: script.steps,
            contract: ContractKey::load().map_err(mark)?,
            elsewhere: Elsewhere::start(elsewhere).map_err(mark)?,
            platform: Platform::start(platform, script.http).map_err(|(index, reason)| {
                ReplayError::Answer {
                    scenario: scenario.id.clone(),
                    index,
                    reason,
                }
            })?,
            origin,
        })
    }

    /// How often the platform was asked this so far: method and path, without query.
    pub async fn asked(&self, on: &str) -> usize {
        self.platform.asked(on).await
    }

    /// Everything that was not as it should be, a sentence each; none when the replay passed.
    pub async fn finish(self, outcomes: Vec<Outcome>) -> Vec<String> {
        let mut failures = Vec::new();
        if outcomes.len() != self.steps.len() {
            let (wanted, got) = (self.steps.len(), outcomes.len());
            failures.push(format!("steps: expected {wanted} outcomes, got {got}"));
        }
        for (index, (step, outcome)) in self.steps.iter().zip(&outcomes).enumerate() {
            failures.extend(outcome::failures(&format!("steps[{index}]"), step, outcome));
        }
        let judge = |log: &Log| self.judge_requests(log, &outcomes);
        failures.extend(self.platform.judged(judge).await);
        for on in self.elsewhere.asked().await {
            failures.push(format!("elsewhere: expected no request, got {on}"));
        }
        failures
    }

    fn judge_requests(&self, log: &Log, outcomes: &[Outcome]) -> Vec<String> {
        let mut failures = Vec::new();
        for (position, (sent, exchange)) in log.requests.iter().enumerate() {
            failures.extend(match exchange {
                Some(index) => {
                    let path = format!("http[{index}].request");
                    request::failures(&path, &log.exchanges[*index], sent, &self.contract)
                }
                None => vec![format!(
                    "requests[{position}]: expected no such request, got {} {}",
                    sent.method, sent.path
                )],
            });
        }
        for on in &log.broken {
            failures.push(format!("http: expected the whole body of {on}, got a part"));
        }
        for (index, exchange) in log.unasked() {
            let on = &exchange.on;
            failures.push(format!("http[{index}]: expected {on}, got no such request"));
        }
        let sent = log.requests.iter().map(|(sent, _)| sent);
        let claims = invariants::bearer_claims(sent, &self.contract.verifying);
        failures.extend(invariants::repeated_nonces(&claims));
        failures.extend(invariants::unchallenged_verifiers(&claims, outcomes));
        failures
    }
}

impl Call {
    fn of(step: &Step) -> Self {
        Self {
            call: step.call.clone(),
            args: step.args.clone(),
        }
    }
}

fn with_addresses(mut init: Map<String, Value>, origin: &str) -> Value {
    for (name, path) in [
        ("baseUrl", "v1.7/"),
        ("onboardUrl", "apps/saas/"),
        ("cloudBaseUrl", "cloud/v1/"),
    ] {
        init.insert(name.to_owned(), json!(format!("{origin}/{path}")));
    }
    init.into()
}
