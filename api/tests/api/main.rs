//! The real router, over TCP, on a lake built for each test.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the failure we want to see"
)]

mod acces;
mod administration;
mod annuaire;
mod attaque;
mod banc;
mod chiffres;
mod client;
mod conventions;
mod effectifs;
mod evenements;
mod integration;
mod mesures;
mod openapi;
mod qualite;
mod secret;
mod territoires;
mod une_porte;
