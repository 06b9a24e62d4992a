//! The real router, over TCP, on a lake built for each test.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the failure we want to see"
)]

mod acces;
mod accompagnement;
mod administration;
mod annuaire;
mod attaque;
mod banc;
mod chiffres;
mod client;
mod conventions;
mod courriel;
mod effectifs;
mod evenements;
mod incidents;
mod integration;
mod large;
mod mesures;
mod openapi;
mod pilotage;
mod qualite;
mod rapports;
mod reperes;
mod secret;
mod semestres;
mod territoires;
mod une_porte;
