# bash completion for hawser: commands and options as `hawser --help` and `hawser COMMAND --help` tell them, so that this file
# does not grow old; values that are files or directories.

_hawser() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' word
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || { command=$word && break; }
  done

  if [[ -z $command ]]; then
    local commands
    commands=$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$current")
    return
  fi

  local help
  help=$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null)
  if [[ $current == -* ]]; then
    local options
    options=$(grep -oE '^ +-[^ ]+' <<<"$help" | tr ', ' '\n\n')
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    return
  fi
  case $previous in
    --host-key-policy) mapfile -t COMPREPLY < <(compgen -W 'ask strict tofu auto' -- "$current") ;;
    --policy) mapfile -t COMPREPLY < <(compgen -W 'modern hardened compatible fips pq_only' -- "$current") ;;
    --type | -t) mapfile -t COMPREPLY < <(compgen -W 'ed25519 ecdsa rsa' -- "$current") ;;
    --port | --bits | -b | --comment | -C | --timeout | -T | --bind | --jobs | -j | --user | --rekey-bytes | --kex | --ciphers | --macs | --host-key-algorithms) ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
  esac
  compopt -o filenames 2>/dev/null
}

complete -F _hawser hawser
