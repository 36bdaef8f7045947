//! A web app that asks people for their consents, reads what their sources hold, and pushes into their library.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, Query, Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use digime_sdk::digime::{
    Callback, Client, CloseOptions, Config, ContractDetails, ExchangeCodeForTokenOptions, Failure,
    FileData, FileDescriptor, FileDescriptorAccount, GetAuthorizeUrlOptions, PushDataOptions,
    PushDataToLibraryOptions, PushedFile, ReadAccountsOptions, ReadAllFilesOptions, TokenHook,
    UserAccessToken,
};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

type Anything = Box<dyn Error + Send + Sync>;

/// What all requests share; one client for the process.
#[derive(Clone)]
struct App {
    sdk: Client,
    callback: String, // registered with both contracts
    contracts: HashMap<&'static str, ContractDetails>,
    /// In place of your log-in and your database.
    users: Arc<Mutex<HashMap<String, Person>>>,
}

type Person = Arc<Mutex<User>>;

#[derive(Default)]
struct User {
    tokens: HashMap<&'static str, UserAccessToken>,
    attempt: Option<Attempt>,
    reading: String,
    files: HashMap<String, FileData>,
}

#[derive(Clone)]
struct Attempt {
    kind: &'static str,
    state: String,
    code_verifier: String,
    session_key: String,
    way_back: Option<Uri>,
    is_over: bool,
}

pub async fn serve() -> Result<(), Anything> {
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let origin = format!("http://127.0.0.1:{port}");
    let sdk = Client::new(Config::new(env::var("DIGIME_APPLICATION_ID")?.parse()?))?;
    let read = contract("DIGIME_READ_CONTRACT_ID", "DIGIME_READ_PRIVATE_KEY")?;
    let push = contract("DIGIME_CONTRACT_ID", "DIGIME_PRIVATE_KEY")?;
    let app = App {
        sdk: sdk.clone(),
        callback: format!("{origin}/return"),
        contracts: HashMap::from([("read", read), ("push", push)]),
        users: Arc::default(),
    };
    let router = Router::new()
        .route("/connect/{kind}", get(connect))
        .route("/return", get(come_back))
        .route("/data", get(data))
        .layer(middleware::from_fn_with_state(app.clone(), recognise))
        .with_state(app);

    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    println!("open {origin}/connect/read and then {origin}/connect/push");
    axum::serve(listener, router)
        .with_graceful_shutdown(async move { terminate.recv().await.unwrap_or_default() })
        .await?;
    sdk.close(CloseOptions::default()).await?;
    Ok(())
}

fn contract(id: &str, key: &str) -> Result<ContractDetails, Anything> {
    let (id, key) = (env::var(id)?.parse()?, env::var(key)?.parse()?);
    Ok(ContractDetails::new(id, key))
}

async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (id, person) = app.person(request.headers());
    request.extensions_mut().insert(person);
    let mut response = next.run(request).await;
    let cookie = format!("user={id}; Path=/; HttpOnly; SameSite=Lax"); // with https, `Secure` too
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

async fn connect(
    State(app): State<App>,
    Extension(person): Extension<Person>,
    Path(kind): Path<String>,
) -> Result<Response, Failed> {
    let Some((kind, contract)) = app.contracts.get_key_value(kind.as_str()) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let state = random();
    let options = GetAuthorizeUrlOptions::builder()
        .contract_details(contract.clone())
        .callback(app.callback.parse()?)
        .state(state.clone())
        .maybe_user_access_token(app.token_that_serves(&person).await?) // the same person, the same library
        .build();
    let sent = app.sdk.get_authorize_url(options).await?;
    let session = sent.session.ok_or("digi.me began no session")?;
    locked(&person).attempt = Some(Attempt {
        kind,
        state,
        code_verifier: sent.code_verifier.expose().clone(),
        session_key: session.key.expose().clone(),
        way_back: None,
        is_over: false,
    });
    Ok(Redirect::to(sent.url.expose()).into_response())
}

async fn come_back(
    State(app): State<App>,
    Extension(person): Extension<Person>,
    Query(back): Query<HashMap<String, String>>,
    way_back: Uri,
) -> Result<Response, Failed> {
    let given = |name: &str| back.get(name).map(String::as_str);
    let Some(attempt) = locked(&person).known(given("state"), &way_back) else {
        let unknown = "Connect again: this way back is not known.";
        return Ok((StatusCode::BAD_REQUEST, unknown).into_response());
    };
    if given("success") != Some("true") {
        let why = match given("errorCode") {
            Some("USER_CANCEL") => "You chose not to share; nothing has changed.",
            _ => "That did not work. Connect again.",
        };
        return Ok((StatusCode::FORBIDDEN, why).into_response());
    }
    if !attempt.is_over {
        let options = ExchangeCodeForTokenOptions::builder()
            .contract_details(app.contracts[attempt.kind].clone())
            .code_verifier(attempt.code_verifier.parse()?)
            .authorization_code(given("code").ok_or("no code")?.parse()?)
            .build();
        let token = app.sdk.exchange_code_for_token(options).await?;
        if locked(&person).is_first(&attempt, &token) {
            match attempt.kind {
                "read" => app.read(&person, &attempt.session_key, token)?,
                _ => app.push(&person, token).await?,
            }
        }
    }
    Ok(Redirect::to("/data").into_response()) // so that the code is not in the address bar
}

async fn data(Extension(person): Extension<Person>) -> String {
    let user = locked(&person);
    let names: Vec<_> = user.files.keys().cloned().collect();
    format!("{}\n{}", user.reading, names.join("\n"))
}

impl User {
    /// The attempt that this is the way back of: it serves for one, however often that is loaded.
    fn known(&mut self, state: Option<&str>, way_back: &Uri) -> Option<Attempt> {
        let attempt = self.attempt.as_mut()?;
        let is_it = state == Some(&attempt.state)
            && attempt.way_back.get_or_insert_with(|| way_back.clone()) == way_back;
        is_it.then(|| attempt.clone())
    }

    /// Whether no other load of the way back was faster; then the token is kept.
    fn is_first(&mut self, attempt: &Attempt, token: &UserAccessToken) -> bool {
        let this = self.attempt.as_mut();
        let this = this.filter(|this| this.state == attempt.state && !this.is_over);
        let Some(this) = this else { return false };
        this.is_over = true;
        self.tokens.insert(attempt.kind, token.clone());
        true
    }
}

impl App {
    /// Whose browser this is; a new one gets a new user.
    fn person(&self, headers: &HeaderMap) -> (String, Person) {
        let cookies = headers.get(COOKIE).and_then(|value| value.to_str().ok());
        let mut cookies = cookies.unwrap_or_default().split("; ");
        let sent = cookies.find_map(|cookie| cookie.strip_prefix("user="));
        let mut users = locked(&self.users);
        let known = sent.filter(|id| users.contains_key(*id));
        let id = known.map_or_else(random, str::to_owned);
        let person = Arc::clone(users.entry(id.clone()).or_default());
        (id, person)
    }

    /// Reads on while the person looks at pages.
    fn read(
        &self,
        person: &Person,
        session_key: &str,
        token: UserAccessToken,
    ) -> Result<(), Failed> {
        let files = Arc::clone(person);
        let contract = self.contracts["read"].clone();
        let options = ReadAllFilesOptions::builder()
            .session_key(session_key.parse()?)
            .contract_id(contract.contract_id)
            .private_key(contract.private_key)
            .user_access_token(token)
            .on_file_data(Callback::new(move |file: FileData| {
                locked(&files).files.insert(file.file_name.clone(), file);
                async { Ok(()) }
            }))
            .on_access_token_change(keep(person, "read"))
            .polling_interval(1000)
            .build();
        "running".clone_into(&mut locked(person).reading);
        let (sdk, person) = (self.sdk.clone(), Arc::clone(person));
        tokio::spawn(async move {
            let ended = match sdk.read_all_files(options).await {
                Ok(read) => read.status.state.clone(),
                Err(error) => format!("it broke off: {error}"),
            };
            locked(&person).reading = ended;
        });
        Ok(())
    }

    async fn push(&self, person: &Person, token: UserAccessToken) -> Result<(), Failed> {
        let account_id = "1".to_owned();
        let options = PushDataToLibraryOptions::builder()
            .contract_details(self.contracts["push"].clone())
            .user_access_token(token)
            .data(PushedFile {
                file_data: "Hello, library".into(),
                file_name: "hello.txt".parse()?,
                file_descriptor: FileDescriptor {
                    mime_type: "text/plain".to_owned(),
                    accounts: vec![FileDescriptorAccount { account_id }.into()],
                    reference: Some(vec!["hello.txt".to_owned()]),
                    tags: None,
                }
                .into(),
            })
            .on_access_token_change(keep(person, "push"))
            .build();
        self.sdk
            .push_data(PushDataOptions::Library(options))
            .await?;
        Ok(())
    }

    /// A token of this person's that digi.me takes, or none: `get_authorize_url` itself refreshes nothing.
    async fn token_that_serves(&self, person: &Person) -> Result<Option<UserAccessToken>, Failed> {
        let tokens = locked(person).tokens.clone();
        for (kind, token) in tokens {
            let options = ReadAccountsOptions::builder()
                .contract_details(self.contracts[kind].clone())
                .user_access_token(token)
                .on_access_token_change(keep(person, kind))
                .build();
            match self.sdk.read_accounts(options).await {
                Ok(answer) => return Ok(answer.user_access_token),
                // The consent has ended: ask for it anew.
                Err(error) if is_over(&error) => drop(locked(person).tokens.remove(kind)),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}

/// What stores the new token of a refresh.
fn keep(person: &Person, kind: &'static str) -> TokenHook {
    let person = Arc::clone(person);
    TokenHook::new(move |token| {
        locked(&person).tokens.insert(kind, token);
        async { Ok(()) }
    })
}

fn is_over(error: &digime_sdk::Error) -> bool {
    matches!(Failure::of(error), Some(Failure::Server(said)) if said.code == "InvalidToken")
}

fn random() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What went wrong is for the log, and not for the person.
struct Failed(Anything);

impl<E: Into<Anything>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        eprintln!("{}", self.0);
        (
            StatusCode::BAD_GATEWAY,
            "That did not work. Try again later.",
        )
            .into_response()
    }
}
