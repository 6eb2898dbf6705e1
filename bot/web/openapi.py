"""OpenAPI 3.1 description of the chat API, served at /api/openapi.json. A test holds it against the routes."""

from __future__ import annotations

from typing import Any

_STRING: dict[str, Any] = {"type": "string"}
_CHOICE = {
    "type": "object",
    "required": ["title", "step", "value"],
    "properties": {"title": _STRING, "step": _STRING, "value": _STRING},
}
_MESSAGE = {
    "type": "object",
    "required": ["seq", "who", "at", "text", "show"],
    "properties": {
        "seq": {"type": "integer", "description": "0: not stored (before consent)"},
        "who": {"enum": ["citizen", "desk", "mediator"]},
        "at": {"type": "string", "format": "date-time"},
        "text": _STRING,
        "show": {
            "type": ["object", "null"],
            "description": "danger, card, proposal, result or doors to draw beside it",
        },
    },
}
_STANDING = {
    "type": "object",
    "required": ["messages", "choices", "ask", "step", "status"],
    "properties": {
        "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Message"}},
        "choices": {"type": "array", "items": {"$ref": "#/components/schemas/Choice"}},
        "ask": {"type": ["string", "null"]},
        "step": {"type": "object", "properties": {"n": {"type": "integer"}, "of": {"type": "integer"}}},
        "status": {"enum": ["open", "elsewhere", "filed", "left"]},
        "safety": {
            "type": ["object", "null"],
            "description": "safety mode: numbers to call (`calls`) and lines of the law (`parts`); the page goes plain",
        },
        "token": _STRING,
        "duplicate": {"type": "boolean"},
        "back": {"type": "array", "items": _STRING, "description": "where we were, when she comes back after long"},
        "mediator": {"type": ["string", "null"], "description": "name of the mediator who has the floor"},
    },
}
_ERROR = {
    "type": "object",
    "properties": {"error": {"type": "object", "properties": {"code": _STRING, "message": _STRING}}},
}


def _answer(schema: str, description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _body(properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
_FAILURES = {
    str(status): _answer("Error", "Reason in plain Chinese") for status in (400, 404, 410, 413, 422, 429, 500, 503)
}

_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}

OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "分诊台", "version": "1", "description": "The API behind the citizens' chat page."},
    "paths": {
        "/api/notice": {
            "get": {"summary": "Privacy notice", "responses": {"200": {"description": "version and text"}}}
        },
        "/api/conversations": {
            "post": {"summary": "Open a conversation", "responses": {"201": _answer("Standing", "token and welcome")}}
        },
        "/api/conversations/current": {
            "get": {
                "summary": "History and the open question",
                "security": _TOKEN,
                "parameters": [{"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0}}],
                "responses": {"200": _answer("Standing", "bubbles after a number"), "404": _FAILURES["404"]},
            },
            "delete": {
                "summary": "Delete the talk",
                "security": _TOKEN,
                "responses": {"204": {"description": "deleted"}},
            },
        },
        "/api/conversations/current/messages": {
            "post": {
                "summary": "Send words or a tapped button; the same id twice is one turn",
                "security": _TOKEN,
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "id": {"type": "string", "maxLength": 64},
                                    "text": {"type": "string", "maxLength": 20000},
                                    "choice": {"$ref": "#/components/schemas/Choice"},
                                },
                            }
                        }
                    },
                },
                "responses": {"200": _answer("Standing", "new bubbles, hers first"), **_FAILURES},
            }
        },
        "/api/conversations/current/receipts": {
            "get": {"summary": "What was filed", "security": _TOKEN, "responses": {"200": {"description": "receipts"}}}
        },
        "/api/conversations/current/attachments": {
            "get": {
                "summary": "Photos and papers of this talk",
                "security": _TOKEN,
                "responses": {"200": {"description": "attachments, most, largest"}, "404": _FAILURES["404"]},
            },
            "post": {
                "summary": "Send one jpg, png or pdf of at most 10 MB; the same id twice is one file",
                "security": _TOKEN,
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "required": ["file"],
                                "properties": {
                                    "file": {"type": "string", "format": "binary"},
                                    "id": {"type": "string", "maxLength": 64},
                                },
                            }
                        }
                    },
                },
                "responses": {
                    "200": {"description": "sent before under this id"},
                    "201": {"description": "attachment"},
                    **_FAILURES,
                    **{str(s): _answer("Error", "Reason in plain Chinese") for s in (409, 415, 507)},
                },
            },
        },
        "/api/conversations/current/attachments/{id}": {
            "get": {
                "summary": "The file, as it is kept",
                "security": _TOKEN,
                "parameters": [_ID, {"name": "size", "in": "query", "schema": {"enum": ["small"]}}],
                "responses": {"200": {"description": "bytes"}, "404": _FAILURES["404"]},
            },
            "delete": {
                "summary": "Delete the file",
                "security": _TOKEN,
                "parameters": [_ID],
                "responses": {"204": {"description": "deleted"}, "404": _FAILURES["404"]},
            },
        },
        "/api/conversations/current/application": {
            "get": {
                "summary": "The application form (申请书) filled from the talk or from a filed record",
                "security": _TOKEN,
                "parameters": [
                    {"name": "as", "in": "query", "schema": {"enum": ["json", "html", "docx"]}},
                    {"name": "receipt", "in": "query", "schema": _STRING},
                ],
                "responses": {
                    "200": {"description": "fields, a sheet as HTML, or a Word file"},
                    "404": _FAILURES["404"],
                    "409": _answer("Error", "Nothing was told yet"),
                },
            }
        },
        "/api/conversations/current/code": {
            "post": {
                "summary": "A code that opens this talk on another device, once, for some minutes",
                "security": _TOKEN,
                "responses": {"201": {"description": "code (8 digits) and until"}, "409": _FAILURES["404"]},
            }
        },
        "/api/conversations/current/export": {
            "get": {
                "summary": "Everything held from this talk, to take along",
                "security": _TOKEN,
                "parameters": [{"name": "as", "in": "query", "schema": {"enum": ["json", "html"]}}],
                "responses": {"200": {"description": "a file"}, "404": _FAILURES["404"]},
            }
        },
        "/api/resume": {
            "post": {
                "summary": "A token for this device, by a code; wrong codes are limited",
                "requestBody": _body({"code": _STRING}),
                "responses": {"201": {"description": "token"}, "404": _FAILURES["404"], "429": _FAILURES["429"]},
            }
        },
        "/api/progress": {
            "post": {
                "summary": "How a record stands, by receipt number and the last four digits of the phone",
                "requestBody": _body({"receipt": _STRING, "last_four": _STRING}),
                "responses": {
                    "200": {"description": "receipt, status, state, since, committee, next"},
                    "404": _FAILURES["404"],
                    "429": _FAILURES["429"],
                },
            }
        },
        "/health": {"get": {"summary": "Alive", "responses": {"200": {"description": "ok"}}}},
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {"Choice": _CHOICE, "Message": _MESSAGE, "Standing": _STANDING, "Error": _ERROR},
    },
}
