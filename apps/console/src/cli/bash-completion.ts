/** How does bash complete the command? With bash alone: the package bash-completion is not on every machine. */

/** The script for `~/.bashrc`. It can be sourced any number of times, and never runs what the user has typed. */
export function bashCompletion(name: string): string {
  return `# Completion of ${name} for bash
_${name}_complete() {
  # Bash splits words at ":" and "=", as in a URL: put them together again.
  local word words=() glue=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ ( $glue || $word == [:=]* ) && \${#words[@]} -gt 0 ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    if [[ $word == *[:=] ]]; then glue=1; else glue=; fi
  done
  local current=\${words[\${#words[@]}-1]}
  # What is before the last of them stays on the line.
  local kept=\${current%"\${current##*[:=]}"}
  local line hasFiles=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :* ]]; then continue; fi
    line=\${line%%$'\\t'*}
    if [[ -e $line ]]; then
      hasFiles=1
      line=\${line%/}
    fi
    COMPREPLY+=("\${line#"$kept"}")
  done < <(${name} complete -- "\${words[@]}" 2>/dev/null)
  # Quotes spaces and ends folders with a slash; bash before 4.0 cannot.
  if [[ $hasFiles ]]; then compopt -o filenames 2>/dev/null; fi
}

complete -o default -F _${name}_complete ${name}
`
}
