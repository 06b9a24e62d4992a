-- Reports sent to people again and again. Days are written AAAA-MM-JJ, instants are milliseconds
-- since 1970-01-01T00:00:00Z.
create table rapports (
    id             text primary key,
    modele         text not null, -- comite or lettre
    niveau         text not null,
    code           text not null,
    destinataire   text not null references comptes (identifiant) on delete cascade,
    auteur         text not null,
    courriel       text, -- null: left in the folder
    rythme         text not null,
    servie         text not null, -- the last day due that was served, or given up
    essais         bigint not null,
    prochain_essai bigint not null, -- not tried before; also who sends holds it so
    dernier_le     bigint,
    dernier_etat   text,
    dernier_raison text
);
