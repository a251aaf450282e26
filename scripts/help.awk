# Prints each target with the text after ## on its line, below the headings after ##@, not wider than columns.

BEGIN { FS = ":.*## " }
/^##@/ { lines[++n] = substr($0, 5); target[n] = "" }
/^[a-z0-9-]+:.*## / {
	lines[++n] = $2; target[n] = $1
	if (length($1) > width) width = length($1)
}
END {
	for (i = 1; i <= n; i++) {
		if (target[i] == "") { printf "\n%s\n", lines[i]; continue }
		text = sprintf("  %-" width "s ", target[i])
		used = length(text)
		count = split(lines[i], words, " ")
		for (j = 1; j <= count; j++) {
			if (used + 1 + length(words[j]) > columns && used > width + 3) {
				print text
				text = sprintf("  %-" width "s ", "")
				used = length(text)
			}
			text = text " " words[j]
			used += 1 + length(words[j])
		}
		print text
	}
}
