"""`manage.py centre`: the tree of centres and how each works, from the command line.

manage.py centre list
manage.py centre add --kind centre --under BUREAU --code CODE --name NAME
manage.py centre rename CODE NAME
manage.py centre set CODE sms_enabled=on go_live_on=2026-12-01
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.accounts.forms import SETTINGS_FIELDS, CentreForm
from qa_service.audit.actors import Actor
from qa_service.common.commands import OperatorCommand
from qa_service.common.errors import DomainError
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.services import change_settings, found_organisation, rename

OPERATOR = Actor.system("centre")
SWITCHES = {"on": "True", "yes": "True", "true": "True", "off": "", "no": "", "false": ""}


class Command(OperatorCommand):
    help = gettext_lazy("List the tree, add or rename a bureau, centre or station, or change how a centre works.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act")  # said without one, the tree is listed
        acts.add_parser("list", help=_("every node with its kind, code and settings"))
        add = acts.add_parser("add", help=_("add a node to the tree"))
        add.add_argument("--kind", choices=OrganisationKind.values, required=True, help=_("what is added"))
        above = _("code of the node above; a bureau may stand at the top without one")
        add.add_argument("--under", help=above)
        add.add_argument("--code", required=True, help=_("short and lasting: commands and programs name it by this"))
        add.add_argument("--name", required=True, help=_("as papers print it"))
        renames = _("give a node a new name; what was issued keeps the former one")
        named = acts.add_parser("rename", help=renames)
        named.add_argument("code")
        named.add_argument("name")
        change = acts.add_parser("set", help=_("change settings: %(names)s") % {"names": ", ".join(SETTINGS_FIELDS)})
        change.add_argument("code")
        change.add_argument("changes", nargs="+", metavar="FIELD=VALUE")

    def handle(self, *_args: Any, act: str | None, **options: Any) -> None:
        try:
            {"list": self._list, "add": self._add, "rename": self._rename, "set": self._set}[act or "list"](options)
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from refusal

    def _list(self, _options: dict[str, Any]) -> None:
        nodes = Organisation.objects.select_related("settings").order_by("path")
        if not nodes:
            self.stdout.write(_("There is no bureau and no centre yet; found them with: manage.py setup"))
        for node in nodes:
            self.stdout.write(f"{'  ' * (node.depth - 1)}{node.code} · {node.get_kind_display()} · {node.name}")
            if node.kind == OrganisationKind.CENTRE:
                shown = (f"{name}={getattr(node.settings, name)}" for name in SETTINGS_FIELDS)
                self.stdout.write(f"{'  ' * node.depth}{' '.join(shown)}")

    def _add(self, options: dict[str, Any]) -> None:
        parent = _node(options["under"]) if options["under"] else None
        kind = OrganisationKind(options["kind"])
        node = found_organisation(
            kind=kind, code=options["code"], name=options["name"], parent=parent, actor=OPERATOR, now=timezone.now()
        )
        self.stdout.write(_("%(name)s (%(code)s) was added.") % {"name": node.name, "code": node.code})

    def _rename(self, options: dict[str, Any]) -> None:
        node, former = _node(options["code"]), _node(options["code"]).name
        rename(subject=node, name=options["name"], actor=OPERATOR, now=timezone.now())
        self.stdout.write(_("%(former)s is now called %(name)s.") % {"former": former, "name": node.name})

    def _set(self, options: dict[str, Any]) -> None:
        centre = _node(options["code"])
        settings = CentreSettings.objects.filter(centre=centre).first()
        if settings is None:
            raise CommandError(_("%(code)s is no centre; only centres have settings.") % {"code": centre.code})
        changes = _read(settings, options["changes"])
        change_settings(centre=centre, changes=changes, actor=OPERATOR, now=timezone.now())
        self.stdout.write(" ".join(f"{name}={value}" for name, value in changes.items()))


def _node(code: str) -> Organisation:
    node: Organisation | None = Organisation.objects.filter(code=code).first()
    if node is None:
        raise CommandError(_("Nothing has the code %(code)s; see: manage.py centre list") % {"code": code})
    return node


def _switch(name: str, value: str) -> str:
    """As a page's tick would come. A form takes whatever is written for yes: a slip must not begin to send texts."""
    try:
        return SWITCHES[value.lower()]
    except KeyError:
        text = _("%(name)s=%(value)s: write on or off")
        raise CommandError(text % {"name": name, "value": value}) from None


def _read(settings: CentreSettings, written: list[str]) -> dict[str, Any]:
    """Read each value as the page would."""
    given: dict[str, str] = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        if not equals or name not in SETTINGS_FIELDS:
            text = _("%(given)s: write FIELD=VALUE with one of %(names)s")
            raise CommandError(text % {"given": pair, "names": ", ".join(SETTINGS_FIELDS)})
        given[name] = _switch(name, value) if name == "sms_enabled" else value
    form = CentreForm(given, instance=settings)
    for name in set(form.fields) - set(given):
        del form.fields[name]
    if not form.is_valid():
        raise CommandError("; ".join(f"{name}: {texts[0]}" for name, texts in form.errors.items()))
    return dict(form.cleaned_data)
