package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// view is the result of one look at the files of an input.
type view struct {
	next   *piece  // the oldest with something new
	known  []entry // all others
	lost   bool    // the file that was read last is none of them
	moving bool    // files were renamed meanwhile
	early  bool    // some files were not looked at, because next is older
	unread error   // the error of the oldest file that cannot be read
}

// When files are renamed while their folder is being read, a file may be seen twice or not at all. Then the folder is read again.
const (
	maxLooks     = 20
	betweenLooks = 2 * time.Millisecond
)

// look finds what to read next: the oldest file with something new, or nil. It returns an error once for a file that cannot be
// read, which is skipped for now.
func (in *input) look(ctx context.Context, console *Console) (*piece, error) {
	for looks := 1; ; looks++ {
		found := in.find()
		v := in.lookAt(ctx, found)
		news := v.unread != nil && v.unread.Error() != in.told
		switch {
		case ctx.Err() != nil:
			in.drop(v.next)
			return nil, nil
		case looks < maxLooks && (v.moving || news || (v.next != nil || v.lost) && !slices.EqualFunc(found, in.find(), isSame)):
			in.drop(v.next)
			time.Sleep(betweenLooks)
			continue
		}
		if v.lost {
			console.Note(in.gap(found))
		}
		in.known = v.known
		switch {
		case news:
			in.told = v.unread.Error()
			return v.next, v.unread
		case v.unread == nil && v.next == nil:
			in.told = ""
		}
		return v.next, nil
	}
}

// gap returns the message that the rest of the file that was read last no longer exists.
func (in *input) gap(found []beside) string {
	what, last := "replaced", in.known[len(in.known)-1]
	for _, now := range found {
		if now.named && idOf(now.info) == last.fileID && now.info.Size() < last.Offset {
			what = "cut short"
		}
	}
	return fmt.Sprintf("%s was %s since it was last read, and the rest of its old content is in no file beside it: reading it from its start", in.name, what)
}

// drop closes the file of a piece that will not be read, or that was read.
func (in *input) drop(p *piece) {
	if p != nil && p.file != in.held {
		_ = p.file.Close()
	}
}

// hold keeps the file with the input's name open, because it may lose the name before it is read to its end.
func (in *input) hold(p *piece) {
	if !p.named {
		in.drop(p)
		return
	}
	in.close()
	in.held = p.file
}

func (in *input) close() {
	if in.held != nil {
		_ = in.held.Close()
	}
}

// tornFor is how long a last line without an end is left alone in a file that has lost the input's name.
const tornFor = 10 * time.Second

// lookAt compares each file that was found with the entries of files that are known.
func (in *input) lookAt(ctx context.Context, found []beside) (v view) {
	known := slices.Clone(in.known)
	done, there := make([]bool, len(found)), make([]bool, len(known)) // there: the file of that entry exists
	for i, b := range found {
		at := slices.IndexFunc(known, func(e entry) bool { return e.isAt(b.info) })
		if at >= 0 && known[at].Read && (!known[at].Torn || b.named || time.Since(b.info.ModTime()) < tornFor) {
			done[i], there[at] = true, true
		}
	}
	var start []byte // the beginning of the file with the input's name
	if slices.Contains(done, false) {
		start = in.start(ctx)
	}
	goesOn, last := -1, len(known)-1 // goesOn is the entry that next continues
	for i, b := range found {
		if done[i] || b.info.Size() == 0 && !b.info.IsDir() { // not all systems give a folder a size
			continue
		}
		if v.next != nil && (last < 0 || there[last]) {
			v.early = true
			break
		}
		f, err := b.file(ctx)
		if errors.Is(err, errMoved) {
			v.moving = true
			continue
		}
		var head []byte
		if err == nil {
			if head, err = headOf(f); err != nil {
				err = fmt.Errorf("%s: %w", in.nameOf(&b), err)
			}
		}
		if v.unread == nil {
			v.unread = err
		}
		if err != nil || !b.named && bytes.HasPrefix(start, head) { // it is still being copied, and its content is also in the file with the name
			in.drop(&piece{file: f})
			continue
		}
		p, at, k := recognize(f, head, known, b.named)
		p.from.see(b.info)
		if k == copied {
			p.from.Read, p.from.Torn = true, false
			in.drop(&p)
			if there[at] {
				v.known = append(v.known, p.from)
			} else {
				known[at], there[at] = p.from, true
			}
			continue
		}
		if v.next == nil && at >= 0 && !there[at] { // otherwise the other file still exists
			goesOn = at
		}
		if at >= 0 {
			there[at] = true
		}
		if v.next != nil {
			in.drop(&p)
			continue
		}
		p.name, p.named, p.final = in.nameOf(&b), b.named, !b.named && time.Since(b.info.ModTime()) >= tornFor
		v.next = &p
	}
	v.keep(known, there, goesOn)
	return v
}

func (in *input) nameOf(b *beside) string {
	if b.named {
		return in.name
	}
	return b.path
}

// keep keeps the entries of all files but next, and finds out whether the file that was read last is lost.
func (v *view) keep(known []entry, there []bool, goesOn int) {
	away := 0 // the files after this one that do not exist
	for _, is := range there {
		if !is {
			away++
		}
	}
	for i, e := range known {
		copied := func(o entry) bool { return o.Head == e.Head && o.Head.Length > 0 && o.Offset >= e.Offset }
		if !there[i] {
			away--
		}
		switch {
		case i == goesOn: // this entry becomes next
		case there[i]:
			v.known = append(v.known, e)
		case v.next != nil && e.Offset+int64(e.Head.Length) == 0 && e.fileID == v.next.from.fileID: // so does this one, which was empty
		case slices.ContainsFunc(v.known, copied):
		case i == len(known)-1 && e.Offset > 0 && !v.moving && v.unread == nil:
			v.lost = true
		case away < maxAway || v.early:
			v.known = append(v.known, e)
		}
	}
}

// maxAway is how many files that no longer exist are remembered.
const maxAway = 16

// recognize finds the entry that a file continues or is a copy of. at is its index, or -1 for a new file.
func recognize(f *os.File, head []byte, known []entry, named bool) (p piece, at int, k kinship) {
	at = -1
	prints := map[int]print{} // by length of the head, which is the same for most entries
	for i, e := range known {
		n := e.Head.Length
		if n == 0 || n > len(head) {
			continue
		}
		if _, ok := prints[n]; !ok {
			prints[n] = printOf(head[:n])
		}
		if prints[n] != e.Head {
			continue
		}
		k := copied // of a file that was there before anything was to be read
		if e.Offset > 0 {
			_, k, _ = resume(f, head, e)
		}
		switch {
		case k == copied && !named: // a file with the name that matches was cut short to its beginning, so it is not a copy
			return piece{file: f, from: e}, i, copied
		case k == same && (at < 0 || e.Offset > known[at].Offset):
			at = i
		}
	}
	from := entry{}
	if at >= 0 {
		from = known[at]
	}
	p, k, _ = resume(f, head, from)
	return p, at, k
}

// start returns the beginning of the file that has the input's name.
func (in *input) start(ctx context.Context) []byte {
	f, err := inputs.Open(ctx, in.key)
	if err != nil {
		return nil
	}
	defer f.Close()
	head, _ := headOf(f)
	return head
}
