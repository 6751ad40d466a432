"""The example's three stories, told by one version of each service: `stories.py BACK-END FRONT-END`, two folders.

The back end is the folder's own Flask application. What the front end does to the database stands here: it signs
people in, runs the processing jobs, and reads every column that its schema.prisma has.
"""

import io
import json
import os
import sys
import uuid
from pathlib import Path

import psycopg2

DOCUMENT = {
    "vat_number": "DE123",
    "company": "Acme",
    "number": "",
    "issued_on": "2025-01-02",
    "net": "100.00",
    "tax": "19.00",
    "lines": [{"description": "paper", "quantity": "2", "unit_price": "50.00"}],
}


def main(back_end: str, front_end: str) -> None:
    from schemasync import read_prisma

    front = FrontEnd(read_prisma(Path(front_end) / "frontend/prisma/schema.prisma"))
    sys.path.insert(0, str(Path(back_end) / "backend/api"))
    from app import create_app

    client = create_app().test_client()
    admin, user = front.sign_in("admin"), front.sign_in("user")
    ask_and_approve(client, front, admin)
    invite(client, front, admin, user)
    upload(client, front, user)
    front.read_everything()


class FrontEnd:
    """What a version of the front end sends: every column by name, as Prisma's client does."""

    def __init__(self, schema) -> None:
        self.tables = {table.name: [column.name for column in table.columns] for table in schema.tables}
        self.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        self.connection.autocommit = True

    def rows(self, sql: str, *values: object) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def columns(self, table: str) -> str:
        return ", ".join(f'"public"."{table}"."{name}"' for name in self.tables[table])

    def sign_in(self, role: str) -> dict[str, str]:
        user, token = str(uuid.uuid4()), uuid.uuid4().hex
        self.rows(
            'INSERT INTO "public"."users" ("id","email","name","email_verified","role","created_at","updated_at") '
            f'VALUES (%s,%s,%s,true,CAST(%s::text AS "public"."UserRole"),now(),now()) '
            f"RETURNING {self.columns('users')}",
            user,
            f"{user}@example.org",
            role,
            role,
        )
        self.rows(
            'INSERT INTO "public"."sessions" ("id","user_id","token","expires_at","created_at","updated_at") '
            f"VALUES (%s,%s,%s,now() + interval '1 day',now(),now()) RETURNING {self.columns('sessions')}",
            str(uuid.uuid4()),
            user,
            token,
        )
        return {"Authorization": f"Bearer {token}"}

    def work(self, job: str, result: dict) -> None:
        """The worker: it takes the job and completes it; a new one counts the pages as well."""
        start = 'UPDATE "public"."processing_jobs" SET "status" = CAST(%s::text AS "public"."job_status"), '
        self.rows(f'{start} "started_at" = now(), "attempts" = "attempts" + 1 WHERE "id" = %s', "RUNNING", job)
        pages = ', "page_count" = 3' if "page_count" in self.tables["processing_jobs"] else ""
        self.rows(
            f'{start} "result" = %s, "finished_at" = now(), "updated_at" = now(){pages} WHERE "id" = %s '
            f"RETURNING {self.columns('processing_jobs')}",
            "COMPLETED",
            json.dumps(result),
            job,
        )

    def read_everything(self) -> None:
        for table in self.tables:
            self.rows(f'SELECT {self.columns(table)} FROM "public"."{table}" WHERE 1=1 OFFSET 0')


def answer(response, code: int) -> dict:
    assert response.status_code == code, (response.status_code, response.text)
    return response.get_json()


def ask_and_approve(client, front: FrontEnd, admin: dict[str, str]) -> None:
    form = {"email": f"{uuid.uuid4()}@example.org", "full_name": "Ann", "company": "Acme"}
    asked = answer(client.post("/api/access-requests", json=form), 201)["id"]
    approved = answer(client.post(f"/api/access-requests/{asked}/approve", headers=admin), 200)
    ((status, code),) = front.rows(
        'SELECT r."status"::text, c."code" FROM "public"."access_requests" r JOIN "public"."access_codes" c '
        'ON c."access_request_id" = r."id" WHERE r."id" = %s',
        asked,
    )
    assert (status, code) == ("approved", approved["code"])
    answer(
        client.post(f"/api/invites/{code}/redeem", headers=front.sign_in("viewer")), 409
    )  # it is for another address


def invite(client, front: FrontEnd, admin: dict[str, str], user: dict[str, str]) -> None:
    made = answer(client.post("/api/invites", json={"role": "viewer", "max_uses": 2}, headers=admin), 201)
    answer(client.post(f"/api/invites/{made['code']}/redeem", headers=front.sign_in("user")), 200)
    assert front.rows('SELECT "use_count" FROM "public"."access_codes" WHERE "code" = %s', made["code"]) == [(1,)]
    answer(client.post("/api/invites", json={}, headers=user), 403)


def upload(client, front: FrontEnd, user: dict[str, str]) -> None:
    number = uuid.uuid4().hex
    form = {"document": (io.BytesIO(number.encode()), "invoice.pdf")}
    job = answer(client.post("/api/invoices/uploads", data=form, headers=user), 202)["job"]
    answer(client.get(f"/api/invoices/jobs/{job}", headers=user), 202)
    front.work(job, {**DOCUMENT, "number": number})
    for _ in range(2):  # polling again makes no second invoice
        polled = answer(client.get(f"/api/invoices/jobs/{job}", headers=user), 200)
        assert polled["invoice"]["number"] == number
    assert front.rows("SELECT count(*) FROM invoices WHERE job_id = %s", job) == [(1,)]


if __name__ == "__main__":
    main(*sys.argv[1:])
