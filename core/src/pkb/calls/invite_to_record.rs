//! `inviteToRecord`: invitations for patients who cannot log in to a PKB record yet.

use std::collections::HashSet;

use bon::Builder;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::Invalid;
use crate::http::{Response, can_be_segment};
use crate::operation::Operation;
use crate::pkb::actor::Actor;
use crate::pkb::fhir::identifier::of_united_kingdom;
use crate::pkb::fhir::parameters::{self, Parameter, part};
use crate::pkb::meaning::makes_no_sense;
use crate::pkb::{Client, PatientIdentifier, Surface};
use crate::{Error, NonEmptyString, Secret};

crate::operation::call! {
    /// Has PKB make invitations for patients, by which they register and then log in to their record. An organisation invites, by your
    /// System Client. PKB leaves patients out without a word who have registered, have died, are not found, have no date of birth or are
    /// under 16: they are in `leftOut`, and `getRecordStatus` tells most of the reasons.
    Client::invite_to_record: InviteToRecord(InviteToRecordOptions) -> InviteToRecordResponse
}

/// For how many patients PKB makes invitations at once.
const MOST: usize = 500;
const OPERATION: &str = "Organization/$generate-invitation-tokens";

/// The options of `inviteToRecord`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct InviteToRecordOptions {
    /// The public id of the organisation that invites.
    pub org_public_id: NonEmptyString,
    /// The patients' NHS, CHI or Health & Care numbers, as many as you like: PKB is asked for 500 at a time.
    pub identifiers: Vec<PatientIdentifier>,
    /// The code of a team, which PKB gives: the join page then has its logo.
    pub team_code: Option<NonEmptyString>,
    /// The patient's email address, which the join page then has filled in. For one patient alone.
    pub email: Option<NonEmptyString>,
}
crate::operation::unseen!(InviteToRecordOptions);

/// What came of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct InviteToRecordResponse {
    /// The invitations.
    pub invitations: Vec<Invitation>,
    /// Those for whom PKB made none.
    pub left_out: Vec<PatientIdentifier>,
    /// Those of whom PKB could not be asked, or did not answer, after it had made invitations for others: ask again, for them alone.
    pub failed: Vec<FailedInvitation>,
}

/// An invitation. Whoever has it opens a health record.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// Whom it is for.
    pub identifier: PatientIdentifier,
    /// What the join page calls the invitation code.
    pub code: Secret<String>,
    /// What it calls the access code.
    pub token: Secret<String>,
    /// When the invitation expires, as PKB writes it: `2027-01-01T09:00:00.000+00:00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The join page with both codes filled in, for the patient's own browser.
    pub join_url: Secret<String>,
}

/// A patient for whom it is not known whether there is an invitation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FailedInvitation {
    /// Who.
    pub identifier: PatientIdentifier,
    /// What failed.
    pub reason: String,
}

impl Operation for InviteToRecord {
    type Client = Client;
    const NAME: &'static str = "inviteToRecord";
    // What PKB has answered is handed over, also where the time is up before the rest has been asked for.
    const GOES_ON: bool = true;
    type Options = InviteToRecordOptions;
    type Response = InviteToRecordResponse;

    async fn run(
        client: &Client,
        options: InviteToRecordOptions,
    ) -> Result<InviteToRecordResponse, Error> {
        let identifiers = options.identifiers;
        of_united_kingdom(&identifiers)?;
        if options.email.is_some() && identifiers.len() > 1 {
            return Err(Invalid::new(
                "options.email",
                "is one patient's, and there are several identifiers: invite them one by one",
            )
            .into());
        }
        let page = join_page(client, options.team_code.as_deref())?;
        let actor = Actor::organisation(Surface::Facade, options.org_public_id);
        let mut came = InviteToRecordResponse {
            invitations: Vec::new(),
            left_out: Vec::new(),
            failed: Vec::new(),
        };
        let mut batches = identifiers.chunks(MOST);
        while let Some(batch) = batches.next() {
            match invite(client, &actor, batch, &page, options.email.as_deref()).await {
                Ok(made) => came.add(batch, made),
                Err(error) if came.is_empty() => return Err(error),
                Err(error) => {
                    let reason = error.to_string();
                    let left = batch.iter().chain(batches.by_ref().flatten());
                    let left = left.map(|identifier| FailedInvitation {
                        identifier: identifier.clone(),
                        reason: reason.clone(),
                    });
                    came.failed.extend(left);
                }
            }
        }
        Ok(came)
    }
}

impl InviteToRecordResponse {
    fn is_empty(&self) -> bool {
        self.invitations.is_empty() && self.left_out.is_empty() && self.failed.is_empty()
    }

    fn add(&mut self, asked: &[PatientIdentifier], made: MadeByPkb) {
        let invited: HashSet<_> = made
            .invitations
            .iter()
            .map(|invitation| invitation.identifier.named())
            .collect();
        let is_missing = |identifier: &&PatientIdentifier| !invited.contains(&identifier.named());
        let missing = asked.iter().filter(is_missing).cloned();
        match made.unreadable {
            None => self.left_out.extend(missing),
            // One of the missing has an invitation, and it is not known which.
            Some(error) => {
                let reason = error.to_string();
                self.failed
                    .extend(missing.map(|identifier| FailedInvitation {
                        identifier,
                        reason: reason.clone(),
                    }));
            }
        }
        self.invitations.extend(made.invitations);
    }
}

/// What PKB has made of a batch.
struct MadeByPkb {
    invitations: Vec<Invitation>,
    /// Why not all that it made are among them.
    unreadable: Option<Error>,
}

/// Asks for the invitations of so many as PKB makes at once. It is sent once: whether a second invitation ends the first is not documented.
async fn invite(
    client: &Client,
    actor: &Actor,
    batch: &[PatientIdentifier],
    page: &Url,
    email: Option<&str>,
) -> Result<MadeByPkb, Error> {
    let request = parameters::about(
        client.settings().endpoints.apis.facade.at(OPERATION)?,
        OPERATION,
        batch,
    )?;
    let response = actor.send(client, request).await?;
    let parameters = parameters::answered(&response)?.into_iter();
    let mut made = MadeByPkb {
        invitations: Vec::new(),
        unreadable: None,
    };
    for invitation in parameters.filter(|parameter| parameter.is("patientTokens")) {
        match Invitation::of(&invitation.parts(), page, email) {
            Some(invitation) => made.invitations.push(invitation),
            None => made.unreadable = Some(incomplete(&response)),
        }
    }
    match made.unreadable {
        Some(error) if made.invitations.is_empty() => Err(error),
        _ => Ok(made),
    }
}

impl Invitation {
    fn of(parts: &[Parameter], page: &Url, email: Option<&str>) -> Option<Self> {
        let text = |name: &str| part(parts, name)?.text();
        let (code, token) = (text("code")?, text("token")?);
        let mut join_url = page.clone();
        let mut query = join_url.query_pairs_mut();
        query.append_pair("t1", &code).append_pair("t2", &token);
        if let Some(email) = email {
            query.append_pair("e", email);
        }
        drop(query);
        Some(Self {
            identifier: parts.iter().find_map(Parameter::identifier)?,
            code: code.into(),
            token: token.into(),
            expires_at: text("expiry"),
            join_url: String::from(join_url).into(),
        })
    }
}

fn incomplete(response: &Response) -> Error {
    makes_no_sense(
        response,
        "has an invitation without identifier, code or token",
    )
}

/// The join page, of a team if there is one.
fn join_page(client: &Client, team_code: Option<&str>) -> Result<Url, Error> {
    let page = client.settings().endpoints.join.as_ref().ok_or_else(|| {
        Invalid::new(
            "config.endpoints.joinUrl",
            "is missing: PKB documents no join page for this environment; ask PKB for it",
        )
    })?;
    let mut page = page.clone();
    if let Some(team_code) = team_code {
        if !can_be_segment(team_code) {
            let reason = "must not be \".\" or \"..\", since it is part of a path";
            return Err(Invalid::new("options.teamCode", reason).into());
        }
        if let Ok(mut segments) = page.path_segments_mut() {
            segments.pop_if_empty().push(team_code);
        }
    }
    Ok(page)
}
