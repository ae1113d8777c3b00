import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def packages_and_modules() -> set[str]:
    """Every app and every module of the shell, by the name the contract of layers must hold."""
    shell = ROOT / "qa_service"
    apps = {f"qa_service.{path.parent.name}" for path in shell.glob("*/__init__.py")}
    modules = {f"qa_service.{path.stem}" for path in shell.glob("*.py") if path.stem != "__init__"}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "prove", "qa_service"}
    return apps | modules | rooms


# Wiring that everything may read and that reads nothing above the settings.
OUTSIDE_THE_LAYERS = {
    "qa_service.apps",
    "qa_service.broker",
    "qa_service.celery",
    "qa_service.migrations",
    "qa_service.models",
    "qa_service.settings",
    "qa_service.supervisor",
}


def named(layers: list[str]) -> set[str]:
    return {name.strip().strip("()") for layer in layers for name in layer.replace("|", ":").split(":")}


def test_every_package_stands_in_the_contract_of_layers():
    layers = next(contract["layers"] for contract in CONTRACTS["contracts"] if contract["name"] == "Apps form a DAG")

    assert named(layers) | OUTSIDE_THE_LAYERS == packages_and_modules() | OUTSIDE_THE_LAYERS


def test_all_of_surveys_and_reviews_is_closed_to_others_but_what_answers_them():
    """Queries answer, enums and evidence are their words; a new module is closed before anybody walks through it."""
    door = next(contract for contract in CONTRACTS["contracts"] if "queries alone" in contract["name"])
    rooms = [path for room in ("surveys", "reviews") for path in (ROOT / room).iterdir()]
    modules = {
        f"{path.parent.name}.{path.stem}" for path in rooms if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    open_ones = {"__init__", "apps", "migrations", "queries", "enums", "evidence"}

    assert set(door["protected_modules"]) == {name for name in modules if name.split(".")[1] not in open_ones}


def test_every_room_is_a_root_of_the_contracts():
    rooms = {name for name in packages_and_modules() if "." not in name}

    assert set(CONTRACTS["root_packages"]) == rooms | {"qa_service"}


def test_imports_keep_the_contracts():
    tool = Path(sys.executable).with_name("lint-imports")
    kept = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert kept.returncode == 0, kept.stdout[-4000:]
