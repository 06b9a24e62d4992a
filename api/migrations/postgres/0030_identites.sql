-- Accounts whose holder an identity provider vouches for, and sign-ins that have left for one.
create table identites_externes (
    empreinte   bytea primary key, -- SHA-256 of the provider and of its subject: neither is stored
    origine     text not null, -- oidc, ldap
    identifiant text not null references comptes (identifiant) on delete cascade
);

create index identites_par_compte on identites_externes (identifiant);

create table departs_oidc (
    empreinte    bytea primary key, -- SHA-256 of the browser's token and of the state
    nonce        text not null,
    verificateur text not null,
    retour       text not null,
    expire_le    bigint not null
);
