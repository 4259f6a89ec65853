"""What content, handlers and the audit are asked for and answer, as far as that has a shape."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from pinmark.rest.shapes.envelopes import Many, One
from pinmark.rest.shapes.fields import Id, PageQuery, Query, Shape, Text, Time

PATH_BELOW_ROOT = r"^(?!/)(?!.*//)(?!(.*/)?\.\.?(/|$))[^\x00-\x1f\x7f-\x9f\\]"
PromptKind = Literal["text", "object", "image", "speech"]


class TemplatesQuery(PageQuery):
    path: str | None = Field(
        None,
        max_length=500,
        json_schema_extra={"pattern": PATH_BELOW_ROOT + r"*\.(mdx|jsonl)$"},
        description="The path below the content root, of a template or a dataset; without one "
        "the templates are listed.",
    )
    promptKind: PromptKind | None = Field(  # as clients send it
        None, description="Only prompts of this kind; not with a dataset."
    )


class DatasetsQuery(PageQuery):
    path: str | None = Field(
        None,
        max_length=500,
        json_schema_extra={"pattern": PATH_BELOW_ROOT + r"*\.jsonl$"},
        description="The path below the content root; without one the datasets are listed.",
    )


class Stamped(Shape):
    """What served the answer."""

    commit_sha: str
    environment: str
    version: int = Field(description="0 for `dev`.")


class Template(Stamped):
    path: str
    kind: str
    prompt_kind: PromptKind | None
    size: int
    sha256: str
    content: str = Field(description="The whole text.")
    frontmatter: dict[str, Any] | None
    body: str = Field(description="The text past its frontmatter.")


class ListedTemplate(Shape):
    path: str
    kind: str
    prompt_kind: PromptKind | None
    size: int
    sha256: str


class ListedDataset(Shape):
    path: str
    rows: int
    size: int
    sha256: str


class Row(Shape):
    """A row of a dataset, as it is written."""

    model_config = ConfigDict(extra="allow")


class TemplatesAnswer(RootModel[One[Template] | Many[ListedTemplate] | Many[Row]]):
    """One template, or a page of the list, or of a dataset's rows."""


class DatasetsAnswer(RootModel[Many[ListedDataset] | Many[Row]]):
    """A page of the list, or of a dataset's rows."""


class ConfigAnswer(Stamped):
    data: dict[str, Any] = Field(description="`agentmark.json`, or what holds without one.")


class ExecuteBody(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"type": "get-evals", "data": {}}]})

    type: str = Field(description="`prompt-run`, `dataset-run` or `get-evals`.")
    data: Any = Field(None, description="The handler's affair.")


class AuditQuery(Query):
    action: list[Text] | None = Field(None, description="Only acts of these names; repeatable.")
    actor_id: Id | None = Field(None, description="Only what this one did.")
    after: int | None = Field(None, ge=0, description="Only past this entry.")
    app_id: Id | None = None
    environment_id: Id | None = None
    outcome: Literal["succeeded", "refused"] | None = None
    since: Time | None = None
    until: Time | None = None


class InvitationBody(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"token": "the-end-of-the-link", "name": "Ada"}]}
    )

    token: str = Field(description="The end of the invitation's link.")
    name: str = Field(description="The name to be known by.")


class Joined(Shape):
    member_id: Id
    name: str
    email: str
    role: str | None
    custom_role_id: Id | None
    access_token: str = Field(description="A token of theirs, shown this once.")
    created_at: datetime
