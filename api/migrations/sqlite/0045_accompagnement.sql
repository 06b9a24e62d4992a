-- The support log: what was done for which school, on which day, by whom. Days are written
-- AAAA-MM-JJ. Whoever did it is forgotten with the account.
create table suivi (
    id     text primary key,
    uai    text not null,
    jour   text not null,
    genre  text not null, -- formation, visite or appel
    note   text not null,
    compte text references comptes (identifiant) on delete set null
);

-- Schools that an account has seen, and wants to hear no more of until a day.
create table vues (
    compte   text not null references comptes (identifiant) on delete cascade,
    uai      text not null,
    vue_le   text not null,
    jusqu_au text not null,
    primary key (compte, uai)
);
