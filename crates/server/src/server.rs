//! Listening and stopping.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use jiff::civil::Date;
use lais_lake::Lake;
use tokio::net::TcpListener;

use crate::held::Shelf;
use crate::routes;

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address is not one of this machine's own.
    #[error(
        "{0} can be reached from other machines, and this server does not know who asks; listen on 127.0.0.1 or [::1]"
    )]
    NotLoopback(IpAddr),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {reason}; another program may be using it: give another port, or 0 for any that is free"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The lake cannot be read.
    #[error(transparent)]
    Lake(#[from] lais_lake::LakeError),
    /// The evidence for packs cannot be gathered.
    #[error(transparent)]
    Pack(#[from] lais_pack::PackError),
    /// Serving ended with a fault of the system.
    #[error("serving stopped: {0}")]
    Stopped(std::io::Error),
}

/// A server that listens and has read its first snapshot.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shelf: Arc<Shelf>,
}

impl Server {
    /// Listens on a loopback address and opens the current snapshot of a lake, as it stands on the day that
    /// `today` gives.
    ///
    /// # Errors
    /// [`ServerError::NotLoopback`] for any other address, [`ServerError::Listen`] where the port is
    /// taken, and what keeps the lake from being read.
    pub async fn bind(lake: Lake, address: SocketAddr, today: fn() -> Date) -> Result<Self, ServerError> {
        if !address.ip().is_loopback() {
            return Err(ServerError::NotLoopback(address.ip()));
        }
        let failed = |reason| ServerError::Listen { address, reason };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shelf = Arc::new(Shelf::new(lake, today));
        shelf.current().await?;
        Ok(Self { listener, address, shelf })
    }

    /// The address it listens on, with the port that the system gave where 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the process is asked to stop, and lets what is being answered finish.
    ///
    /// # Errors
    /// [`ServerError::Stopped`] where the system ends it.
    pub async fn run(self) -> Result<(), ServerError> {
        let serving = axum::serve(self.listener, routes::router(self.shelf));
        serving.with_graceful_shutdown(asked_to_stop()).await.map_err(ServerError::Stopped)
    }
}

/// Waits for an interrupt or a request to end.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        interrupt.await.ok();
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
