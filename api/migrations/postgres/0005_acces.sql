-- Ways in: invitations, one-time codes, API tokens. Tokens are drawn with 256 bits of randomness and
-- kept as their SHA-256 only; the secret of one-time codes is sealed with a key of the instance.
create table invitations (
    empreinte   bytea primary key,
    identifiant text not null unique references comptes (identifiant) on delete cascade,
    expire_le   bigint not null
);

create table codes (
    identifiant text primary key references comptes (identifiant) on delete cascade,
    secret      bytea not null, -- sealed
    dernier     bigint, -- the last step accepted, never accepted again; null until confirmed
    cree_le     bigint not null
);

create table codes_secours (
    identifiant text not null references comptes (identifiant) on delete cascade,
    empreinte   bytea not null,
    primary key (identifiant, empreinte)
);

create table jetons (
    id          text primary key,
    empreinte   bytea not null unique,
    identifiant text not null references comptes (identifiant) on delete cascade,
    nom         text not null,
    portees     text not null, -- scopes, separated by spaces
    cree_le     bigint not null,
    expire_le   bigint not null,
    vu_le       bigint -- last use
);

create index jetons_par_compte on jetons (identifiant);

create table jetons_territoires (
    jeton  text not null references jetons (id) on delete cascade,
    niveau text not null,
    code   text not null,
    primary key (jeton, niveau, code)
);

create table jetons_ecoles (
    jeton text not null references jetons (id) on delete cascade,
    uai   text not null,
    primary key (jeton, uai)
);
