// Package nearest finds the known name that a misspelt name may stand for.
package nearest

import "strings"

// Name returns the known name that is most similar to the given one, or false if none is similar. Of several equally similar names
// it returns the first. Case does not count, nor whether words are separated by _, - or nothing.
func Name(name string, known []string) (string, bool) {
	plain := plainOf(name)
	best, least := "", len(plain)/3+1 // one mistake in three letters
	for _, k := range known {
		if d := distance(plain, plainOf(k)); d < least || d == 0 {
			best, least = k, d
		}
	}
	return best, best != ""
}

func plainOf(name string) []rune {
	return []rune(strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(name)))
}

// distance counts the letters to add, remove, replace, or swap with their neighbour to turn a into b.
func distance(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	before, above, row := rows[0], rows[1], rows[2]
	for j := range above {
		above[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			replaced := above[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
