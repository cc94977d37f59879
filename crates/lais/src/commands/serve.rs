//! `lais serve`: the snapshot as an API and as pages, to this machine alone.

use std::net::SocketAddr;
use std::process::ExitCode;

use lais_server::{Server, ServerError};

use crate::args::ServeArgs;
use crate::settings::{Settings, today};

pub(crate) async fn run(settings: &Settings, args: &ServeArgs) -> anyhow::Result<ExitCode> {
    serve(settings, Server::bind(settings.lake.clone(), args.listen, today).await?).await
}

/// A server at this address, or, where its port is taken, at any other that is free.
pub(crate) async fn at_or_near(settings: &Settings, address: SocketAddr) -> anyhow::Result<Server> {
    match Server::bind(settings.lake.clone(), address, today).await {
        Err(ServerError::Listen { .. }) => {
            Ok(Server::bind(settings.lake.clone(), SocketAddr::new(address.ip(), 0), today).await?)
        }
        server => Ok(server?),
    }
}

/// Says where, and serves until asked to stop.
pub(crate) async fn serve(settings: &Settings, server: Server) -> anyhow::Result<ExitCode> {
    // On stdout, so that a script that asked for any free port can read which it is.
    println!("http://{}", server.address());
    if !settings.quiet {
        eprintln!("serving to this machine alone; Ctrl-C stops it");
    }
    server.run().await?;
    Ok(ExitCode::SUCCESS)
}
