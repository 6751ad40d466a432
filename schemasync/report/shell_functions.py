"""The parts of a release's script that are the same in every release."""

HEADER = (
    "#",
    "# Made by schemasync plan --format shell; make it anew rather than editing it. Run it where the plan was made,",
    "# from the same tree. A step that the database shows to be done is skipped, so that this can be run again after",
    "# whatever stopped it, or twice. Before each step it is made sure that nobody else has been there, after each",
    "# that the database states what the step should leave behind. It ends with 0 when the release is complete.",
    "#",
    "# PRISMA_MIGRATE_DEPLOY, and ALEMBIC_UPGRADE with the revision as its argument, replace the commands that",
    "# migrate.",
)
HOOKS = (
    "#",
    "# Deploying is yours: by functions in the file that RELEASE_HOOKS names, or by commands in variables. Each",
    "# returns when no old version runs any more, and does no harm when it is called twice. Where is_..._deployed or",
    "# IS_..._DEPLOYED is there and succeeds, that service is not deployed again.",
    "#",
)

FUNCTIONS = r"""
if [ -n "${RELEASE_HOOKS:-}" ]; then
  # shellcheck source=/dev/null
  source "$RELEASE_HOOKS"
fi
# Told to stop, bash lets the running command end first.
trap 'echo "told to stop" >&2; exit 143' TERM

announce() { printf '\n== %s\n' "$1"; }
skip() { echo 'skipped: it has been done'; }

# call FUNCTION VARIABLE [ARGUMENT...]: the function, or the command in the variable.
call() {
  local function=$1 variable=$2
  shift 2
  if declare -F "$function" > /dev/null; then
    "$function" "$@"
  else
    bash -c "${!variable}" "$variable" "$@"
  fi
}

demand() {
  if ! declare -F "$1" > /dev/null && [ -z "${!2:-}" ]; then
    echo "error: neither the function $1 nor the variable $2 says how to deploy" >&2
    exit 2
  fi
}

# The lock lasts as long as the command that schemasync lock runs: this script, once more.
keep_others_out() {
  if [ -z "${SCHEMASYNC_RELEASE_LOCK:-}" ]; then
    exec schemasync lock ${database_options[@]+"${database_options[@]}"} -- bash "$0" "$@"
  fi
}

# is_done STEP [OPTION...]
is_done() {
  local code=0
  schemasync verify "$@" ${options[@]+"${options[@]}"} || code=$?
  if [ "$code" -gt 1 ]; then exit "$code"; fi
  return "$code"
}

is_deployed() {
  if ! declare -F "$1" > /dev/null && [ -z "${!2:-}" ]; then return 1; fi
  call "$@"
}

# demand_before NUMBER STEP [OPTION...]: NUMBER pending migrations come before the step.
demand_before() {
  local number=$1 arguments=() name
  shift
  for ((; number < ${#pending[@]}; number++)); do arguments+=(--pending "${pending[number]}"); done
  for name in ${unknown[@]+"${unknown[@]}"}; do arguments+=(--unknown "$name"); done
  schemasync verify "$@" --before ${arguments[@]+"${arguments[@]}"} ${options[@]+"${options[@]}"}
}

# demand_after STEP [OPTION...]
demand_after() { schemasync verify "$@" ${options[@]+"${options[@]}"}; }

migrate_prisma() {
  (
    cd "$prisma_folder"
    call prisma_migrate_deploy PRISMA_MIGRATE_DEPLOY
  )
}

migrate_alembic() {
  if declare -F alembic_upgrade > /dev/null || [ -n "${ALEMBIC_UPGRADE:-}" ]; then
    call alembic_upgrade ALEMBIC_UPGRADE "$1"
  else
    schemasync upgrade "$1" ${database_options[@]+"${database_options[@]}"}
  fi
}
""".strip("\n")
