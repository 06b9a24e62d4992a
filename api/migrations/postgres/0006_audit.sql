-- The audit trail: rows are only ever added, each chained to the one before by its SHA-256.
create table audit (
    rang      bigint primary key,
    instant   bigint not null,
    acteur    text not null,
    action    text not null,
    objet     text not null,
    detail    text not null, -- JSON
    precedent bytea not null,
    empreinte bytea not null
);

create index audit_par_instant on audit (instant);
create index audit_par_acteur on audit (acteur, action, instant);

-- A school read by an account is told once a day.
create table audit_lectures (
    identifiant text not null,
    uai         text not null,
    jour        text not null,
    primary key (jour, identifiant, uai)
);

create function audit_inalterable() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is only added to';
end
$$;

create trigger audit_inalterable before update on audit
for each row execute function audit_inalterable();
