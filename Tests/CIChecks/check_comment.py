"""Checks deploy/ci/comment.sh against a stand-in for GitLab and GitHub: one comment is made, then kept up to date.

Usage: python check_comment.py PATH_TO_COMMENT_SH
"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

TOKEN = "t0ken-of-the-tests"
BODY = 'RandomForest "leads" \\ by 0.01\n\n| a | b |\n|---|---|\n| \u2013 | $(false) |\n'
MARK = "<!-- compare-models -->\n"


class Forge(http.server.BaseHTTPRequestHandler):
    """Comments of one merge request; what is not as the forge's interface has it gets 4xx."""

    def answer(self):
        forge = self.server.forge
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else None
        path = self.path.split("?")[0]
        allowed = self.headers.get(forge["header"]) == forge["secret"]
        status, value = 404, {"message": "not found"}
        if not allowed:
            status, value = 401, {"message": "401 Unauthorized"}
        elif path == forge["all"] and self.command == "GET":
            status, value = 200, forge["comments"]
        elif path == forge["all"] and self.command == "POST":
            value = {"id": 100 + len(forge["comments"]), "body": sent["body"]}
            forge["comments"].append(value)
            status = 201
        elif path.startswith(forge["one"] + "/") and self.command == forge["change"]:
            for comment in forge["comments"]:
                if str(comment["id"]) == path.rsplit("/", 1)[1]:
                    comment["body"] = sent["body"]
                    status, value = 200, comment
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = answer

    def log_message(self, *arguments):
        pass


def check(script, name, forge, variables):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forge)
    server.forge = forge
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    forge["comments"] = [{"id": 7, "body": "A person's words"}]

    def run(body, **others):
        with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as file:
            file.write(body)
            file.flush()
            environment = {"PATH": os.environ["PATH"]}
            environment |= {key: value.replace("URL", url) for key, value in variables.items()} | others
            return subprocess.run([script, file.name], env=environment, capture_output=True, text=True)

    for body in [BODY, BODY + "again\n", "short"]:
        done = run(body)
        assert done.returncode == 0, done.stderr
        assert [c["body"] for c in forge["comments"]] == ["A person's words", MARK + body], forge["comments"]
        assert TOKEN not in done.stdout + done.stderr
    token = next(key for key in variables if key.endswith("TOKEN"))
    refused = run("secret", **{token: "wrong"})
    assert refused.returncode != 0 and "401" in refused.stderr + refused.stdout, refused
    assert forge["comments"][1]["body"] == MARK + "short"
    server.shutdown()
    print(f"{name}: one comment, kept up to date")


def main(script):
    notes = "/api/v4/projects/12/merge_requests/3/notes"
    check(
        script, "GitLab",
        {"header": "PRIVATE-TOKEN", "secret": TOKEN, "all": notes, "one": notes, "change": "PUT"},
        {"CI_API_V4_URL": "URL/api/v4", "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "3", "GITLAB_TOKEN": TOKEN})
    issues = "/repos/me/stones/issues"
    check(
        script, "GitHub",
        {"header": "Authorization", "secret": "Bearer " + TOKEN, "all": issues + "/3/comments",
         "one": issues + "/comments", "change": "PATCH"},
        {"GITHUB_API_URL": "URL", "GITHUB_REPOSITORY": "me/stones", "PULL_REQUEST": "3", "GITHUB_TOKEN": TOKEN})


if __name__ == "__main__":
    main(sys.argv[1])
