import type { Shell } from './answer.ts';

/**
 * The script that each shell reads. It knows no verb and no option: it asks `nightshift completion-words SHELL =WORD…`, whose
 * first line says `offers`, `files` or `folders` and whose other lines are the offers. Each word is told behind an equals
 * sign, so that none is empty and none looks like an option. Nothing that is answered is ever evaluated.
 */
export const SCRIPTS: Readonly<Record<Shell, (bins: readonly string[]) => string>> = { bash, zsh, fish, powershell };

function bash(bins: readonly string[]): string {
  return `# Completion of Nightshift for bash 4 and newer (bash 3.2 of macOS completes all but files).
# Now:    source <(nightshift completion bash)
# Always: put that line into ~/.bashrc, or
#         nightshift completion bash > ~/.local/share/bash-completion/completions/nightshift
#         (read when "nightshift" is completed for the first time; ~/.bashrc serves the other verbs from the start)
_nightshift() {
  local line kind=''
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(command nightshift completion-words bash "=\${COMP_LINE:0:COMP_POINT}" "=$2" 2>/dev/null)
  case $kind in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
  esac
}
complete -F _nightshift ${bins.join(' ')}
`;
}

function zsh(bins: readonly string[]): string {
  return `#compdef ${bins.join(' ')}
# Completion of Nightshift for zsh.
# Now:    source <(nightshift completion zsh)        (after "autoload -Uz compinit && compinit")
# Always: put that line into ~/.zshrc behind compinit, or
#         nightshift completion zsh > "\${fpath[1]}/_nightshift"
_nightshift() {
  local line kind
  local -a told lines values shown
  told=("\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}")
  lines=("\${(@f)$(command nightshift completion-words zsh "\${(@)told/#/=}" 2>/dev/null)}")
  kind=\${lines[1]}
  case $kind in
    files|folders)
      compset -P '*='
      if [[ $kind = folders ]]; then _files -/; else _files; fi
      return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line%%$'\\t'*}\${\${line#*$'\\t'}:+  -- \${line#*$'\\t'}}")
  done
  (( $#values )) && compadd -l -M 'm:{a-zA-Z}={A-Za-z}' -d shown -a -- values
}
if [ "\${funcstack[1]}" = "_nightshift" ]; then _nightshift "$@"; else compdef _nightshift ${bins.join(' ')}; fi
`;
}

function fish(bins: readonly string[]): string {
  return `# Completion of Nightshift for fish.
# Now:    nightshift completion fish | source
# Always: nightshift completion fish > ~/.config/fish/conf.d/nightshift.fish
function __nightshift_offers
    set -l told (commandline -opc)
    set -l typed (commandline -ct | string unescape | string collect)
    set -l lines (command nightshift completion-words fish "="$told "=$typed" 2>/dev/null)
    switch "$lines[1]"
        case files folders
            set -l before (string match -r -- '^-[^=]*=' "$typed")
            set -l path (string replace -- "$before" '' "$typed")
            for found in (complete -C "'' "(string escape -- "$path") | string split -f 1 \\t)
                if test "$lines[1]" = files; or string match -q '*/' -- $found
                    printf '%s\\n' "$before$found"
                end
            end
        case offers
            printf '%s\\n' $lines[2..]
    end
end
for name in ${bins.join(' ')}
    complete -c $name -f -a '(__nightshift_offers)'
end
`;
}

function powershell(): string {
  return `# Completion of Nightshift for PowerShell 7 and newer. Inside PowerShell the cmdlets shadow start-job and the others:
# there every verb is a word of nightshift, and nightshift alone is completed.
# Now:    nightshift completion powershell | Out-String | Invoke-Expression
# Always: put that line into the file that $PROFILE names.
Register-ArgumentCompleter -Native -CommandName nightshift -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $told = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { "=$($_.Value)" } else { "=$($_.Extent.Text)" }
    })
    $told += "=$($wordToComplete.Trim([char[]]@(39, 34)))"
    $kind, $lines = @(& nightshift completion-words powershell @told 2>$null)
    if ($kind -eq 'files' -or $kind -eq 'folders') {
        [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        return
    }
    foreach ($line in $lines) {
        $value, $note = $line -split "\`t", 2
        if (-not $note) { $note = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $note)
    }
}
`;
}
