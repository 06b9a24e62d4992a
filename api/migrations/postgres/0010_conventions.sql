-- Conventions: who opens the ENT of which schools, with whom, from when to when. Days are written
-- AAAA-MM-JJ, amounts are cents.
create table conventions (
    reference   text primary key,
    autorite    text not null, -- INSEE code of a commune, or a name
    siret       text,
    fournisseur text not null,
    plateforme  text not null,
    prix        bigint not null, -- of a school, for a school year
    debut       text not null,
    fin         text not null, -- last day agreed, renewals included
    cloture     text, -- last day in force, when an end was decided
    cumuls      text, -- garder or detruire
    check ((cloture is null) = (cumuls is null))
);

create table conventions_ecoles (
    reference   text not null references conventions (reference) on delete cascade,
    uai         text not null,
    entree      text not null,
    sortie      text,
    detruite_le text, -- when what it had sent was destroyed
    primary key (reference, uai)
);

create table conventions_reconductions (
    reference  text not null references conventions (reference) on delete cascade,
    rang       bigint not null,
    decidee_le text not null,
    avant      text not null, -- the last day agreed before
    primary key (reference, rang)
);

-- One row: how many times conventions were changed. Who changes them takes it first, so writers wait
-- for each other; who keeps them in memory compares it.
create table conventions_revision (numero bigint not null);
insert into conventions_revision (numero) values (0);
