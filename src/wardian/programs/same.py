"""The two generations of `same.yaml`, as their tools read them.

The newer form (Python) refuses unknown keys; the older one (Go) drops them. They are told apart by `notebook` and
`pipeline`.
"""

from typing import Annotated, Any, cast

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from wardian.kernel.models import Model


def _text(value: Any) -> Any:
    """`1.0` and `1.2` are floats to YAML and versions to people."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _labels(value: Any) -> Any:
    return {str(label): "" for label in cast("list[Any]", value)} if isinstance(value, list) else value


def _dataset_list(value: Any) -> Any:
    """A map of the newer form is understood in the older one too."""
    if not isinstance(value, dict):
        return value
    return [{"name": name, **fields} for name, fields in cast("dict[str, dict[str, Any]]", value).items()]


Text = Annotated[str, BeforeValidator(_text)]
Labels = Annotated[dict[str, Text], BeforeValidator(_labels)]
Key = Annotated[str, Field(pattern=r"^\w+")]
ImageTag = Annotated[str, Field(pattern=r"/")]


class Strict(Model):
    """Part of the newer form: an unknown key is an error."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


class Lenient(BaseModel):
    """Part of the older form: an unknown key is dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Metadata(Strict):
    name: str = Field(pattern=r"^[\w ]+")
    version: Text
    labels: Labels = Field(default={})
    sha: Text = ""


class NotebookFile(Strict):
    name: str
    path: str
    requirements: str | None = None


class Credentials(Strict):
    image_pull_secret_name: str = ""
    image_pull_secret_registry_uri: str = ""
    image_pull_secret_username: str = ""
    image_pull_secret_password: str = Field(default="", repr=False)
    image_pull_secret_email: str = ""


class NewerEnvironment(Strict):
    image_tag: ImageTag | None = None
    private_registry: bool = False
    credentials: Credentials | None = None


class NewerDataset(Strict):
    schema_uri: str | None = None
    environments: dict[Key, str] = Field(default={})

    @model_validator(mode="after")
    def _has_default(self) -> "NewerDataset":
        if "environments" in self.model_fields_set and "default" not in self.environments:
            raise ValueError("environments needs an entry named 'default'")
        return self


class RunFields(Strict):
    name: str
    sha: Text = ""
    parameters: dict[str, Any] = Field(default={})


class Newer(Strict):
    """same.yaml of the Python tool."""

    apiVersion: str
    metadata: Metadata
    notebook: NotebookFile
    environments: dict[Key, NewerEnvironment] = Field(default={})
    datasets: dict[Key, NewerDataset] = Field(default={})
    run: RunFields | None = None
    runtime_options: dict[str, Any] = Field(default={})

    @model_validator(mode="after")
    def _has_default(self) -> "Newer":
        if "environments" in self.model_fields_set and "default" not in self.environments:
            raise ValueError("environments needs an entry named 'default'")
        return self


class OlderMetadata(Lenient):
    name: str
    version: Text = "0.0.0"
    sha: Text = ""
    labels: Labels = Field(default={})


class Cores(Lenient):
    requested: int = 0
    required: int = 0
    minimum_per_machine: int = 0


class Gpus(Lenient):
    type: str = ""
    per_machine: int = 0


class VolumeMount(Lenient):
    mount_path: str = Field(default="", alias="mountPath")
    name: str = ""


class Disk(Lenient):
    name: str = ""
    size: Text = ""
    volume_mount: VolumeMount | None = Field(default=None, alias="volumeMount")


class OlderResources(Lenient):
    provider: str = ""
    cluster_profile: str = ""
    cluster_name: str = ""
    namespace: str = ""
    node_pool_name: str = Field(default="", validation_alias=AliasChoices("nodePoodName", "nodePoolName"))
    create_new_node_pool: bool = Field(default=False, alias="createNewNodePool")
    cores: Cores = Field(default=Cores())
    gpus: Gpus = Field(default=Gpus())
    disks: list[Disk] = Field(default=[])


class Workflow(Lenient):
    type: str = ""
    parameters: dict[str, Any] = Field(default={})


class Pipeline(Lenient):
    name: str = ""
    description: str = ""
    package: str


class OlderEnvironment(Lenient):
    image_tag: str | None = None
    append_current_environment: bool = False
    packages: list[str] = Field(default=[])
    private_registry: bool = False


class OlderDataset(Lenient):
    name: str
    type: str = ""
    url: str | None = None
    schema_uri: str | None = None
    make_local_copy: bool = Field(default=False, alias="makeLocalCopy")
    environments: dict[str, str] = Field(default={})


class OlderRun(Lenient):
    name: str = ""
    sha: Text = ""
    parameters: dict[str, Any] = Field(default={})


class Older(Lenient):
    """same.yaml of the Go tool."""

    api_version: str = Field(default="", alias="apiVersion")
    version: Text = ""
    metadata: OlderMetadata
    bases: list[str] = Field(default=[])
    envfiles: list[str] = Field(default=[])
    resources: OlderResources = Field(default=OlderResources())
    workflow: Workflow = Field(default=Workflow())
    pipeline: Pipeline
    environments: dict[str, OlderEnvironment] = Field(default={})
    datasets: Annotated[list[OlderDataset], BeforeValidator(_dataset_list)] = Field(
        default=[], validation_alias=AliasChoices("datasets", "dataSets")
    )
    run: OlderRun = Field(default=OlderRun())
    runtime_options: dict[str, Any] = Field(default={})
    debugging_features_flags: dict[str, bool] = Field(default={})
