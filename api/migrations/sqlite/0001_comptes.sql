-- Accounts and their sessions. Instants are milliseconds since 1970-01-01T00:00:00Z.
create table comptes (
    identifiant  text primary key,
    nom          text not null,
    mot_de_passe text not null, -- argon2id, PHC string
    niveau       text not null, -- perimeter: level and code of its territory
    code         text not null,
    cree_le      integer not null
) strict, without rowid;

create table sessions (
    empreinte   blob primary key, -- SHA-256 of the cookie's token: the token itself is never stored
    identifiant text not null references comptes (identifiant) on delete cascade,
    ouverte_le  integer not null,
    vue_le      integer not null
) strict, without rowid;

create index sessions_par_compte on sessions (identifiant);
