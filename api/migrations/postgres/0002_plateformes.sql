-- Providers' accounts: the platforms whose tagging quality they see, and no territory.
create table comptes_plateformes (
    identifiant text not null references comptes (identifiant) on delete cascade,
    plateforme  text not null,
    primary key (identifiant, plateforme)
);
