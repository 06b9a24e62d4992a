"""A mail server on a free port of this machine, for tests.

It writes each message taken in a folder: N.entetes, N.txt, N.html, N.pdf. It says its port on its
first line, refuses everything while a file named "refuser" stands in the folder, and stops when its
input is closed.
"""

import asyncio
import email
import email.policy
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

dossier = pathlib.Path(sys.argv[1])
certificat = dossier / "certificat.pem"


class Boite:
    nombre = 0

    async def handle_DATA(self, serveur, session, enveloppe):
        if (dossier / "refuser").exists():
            return "451 4.3.0 boite pleine"
        self.nombre += 1
        lu = email.message_from_bytes(enveloppe.content, policy=email.policy.default)
        entetes = [f"{nom}: {valeur}" for nom, valeur in lu.items()]
        entetes.append(f"TLS: {session.ssl is not None}")
        entetes.append(f"Destinataires: {enveloppe.rcpt_tos}")
        for partie in lu.walk():
            if partie.is_multipart():
                entetes.append(f"Composition: {partie.get_content_type()}")
                continue
            suffixe = {"text/plain": "txt", "text/html": "html", "application/pdf": "pdf"}
            suffixe = suffixe[partie.get_content_type()]
            contenu = partie.get_payload(decode=True)
            (dossier / f"{self.nombre}.{suffixe}").write_bytes(contenu)
            if partie.get_filename():
                entetes.append(f"Fichier: {partie.get_filename()}")
        (dossier / f"{self.nombre}.entetes").write_text("\n".join(entetes), "utf-8")
        return "250 2.0.0 pris"


def ouvrir(serveur, session, enveloppe, mecanisme, cles):
    bon = cles.login == b"frequent" and cles.password == b"un secret"
    return AuthResult(success=bon)


async def principal():
    boite = Boite()
    reglages = {}
    if certificat.exists():
        contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexte.load_cert_chain(certificat, dossier / "cle.pem")
        reglages = {
            "tls_context": contexte,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": ouvrir,
        }
    boucle = asyncio.get_running_loop()
    serveur = await boucle.create_server(
        lambda: SMTP(boite, enable_SMTPUTF8=True, **reglages), "127.0.0.1", 0
    )
    print(serveur.sockets[0].getsockname()[1], flush=True)
    await boucle.run_in_executor(None, sys.stdin.read)


asyncio.run(principal())
