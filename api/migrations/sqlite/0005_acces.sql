-- Ways in: invitations, one-time codes, API tokens. Tokens are drawn with 256 bits of randomness and
-- kept as their SHA-256 only; the secret of one-time codes is sealed with a key of the instance.
create table invitations (
    empreinte   blob primary key,
    identifiant text not null unique references comptes (identifiant) on delete cascade,
    expire_le   integer not null
) strict, without rowid;

create table codes (
    identifiant text primary key references comptes (identifiant) on delete cascade,
    secret      blob not null, -- sealed
    dernier     integer, -- the last step accepted, never accepted again; null until confirmed
    cree_le     integer not null
) strict, without rowid;

create table codes_secours (
    identifiant text not null references comptes (identifiant) on delete cascade,
    empreinte   blob not null,
    primary key (identifiant, empreinte)
) strict, without rowid;

create table jetons (
    id          text primary key,
    empreinte   blob not null unique,
    identifiant text not null references comptes (identifiant) on delete cascade,
    nom         text not null,
    portees     text not null, -- scopes, separated by spaces
    cree_le     integer not null,
    expire_le   integer not null,
    vu_le       integer -- last use
) strict, without rowid;

create index jetons_par_compte on jetons (identifiant);

create table jetons_territoires (
    jeton  text not null references jetons (id) on delete cascade,
    niveau text not null,
    code   text not null,
    primary key (jeton, niveau, code)
) strict, without rowid;

create table jetons_ecoles (
    jeton text not null references jetons (id) on delete cascade,
    uai   text not null,
    primary key (jeton, uai)
) strict, without rowid;
