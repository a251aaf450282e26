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
	unread error   // why files could not be found, or the error of the oldest that cannot be read
}

// When files are renamed while their folder is being read, a file may be seen twice or not at all. Then the folder is read again.
const (
	maxLooks     = 20
	betweenLooks = 2 * time.Millisecond
)

// look finds what to read next: the oldest file with something new, or nil. It returns an error once for a file that cannot be
// read, which is skipped for now.
func (in *input) look(ctx context.Context, console *Console) (*piece, error) {
	return in.lookBy(ctx, console, in.find)
}

// lookBy is look with another way to find the files.
func (in *input) lookBy(ctx context.Context, console *Console, find func() ([]beside, error)) (*piece, error) {
	same := func(found []beside) bool {
		again, _ := find()
		return slices.EqualFunc(found, again, isSame)
	}
	for looks := 1; ; looks++ {
		found, err := find()
		v := in.lookAt(ctx, found, err)
		news := v.unread != nil && v.unread.Error() != in.told
		switch {
		case ctx.Err() != nil:
			in.drop(v.next)
			return nil, nil
		case looks < maxLooks && (v.moving || news || (v.next != nil || v.lost) && !same(found)):
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
	return fmt.Sprintf("%s was %s "+sinceRead+", and the rest of its old content is in no file beside it: reading it from its start", in.name, what)
}

// sinceRead is in each message about a gap.
const sinceRead = "since it was last read"

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

// lookAt compares each file that was found with the entries of files that are known. unfound is why there may be others.
func (in *input) lookAt(ctx context.Context, found []beside, unfound error) view {
	c := comparison{view: view{unread: unfound}, in: in, before: slices.Clone(in.known), there: make([]bool, len(in.known)), goesOn: -1}
	unread := c.passRead(found)
	if len(unread) > 0 {
		c.start = in.start(ctx)
	}
	for _, b := range unread {
		if c.next != nil && c.foundLast() {
			c.early = true
			break
		}
		if f, head := c.open(ctx, &b); f != nil {
			c.compare(&b, f, head)
		}
	}
	c.keep()
	return c.view
}

// comparison is one look, while it is going on.
type comparison struct {
	view
	in     *input
	before []entry // what the input knew
	there  []bool  // whether the file of that entry exists
	goesOn int     // the entry that next continues, or -1
	start  []byte  // the beginning of the file with the input's name
}

// passRead leaves out the files that have nothing new.
func (c *comparison) passRead(found []beside) (unread []beside) {
	known := map[fileID][]int{} // there may be thousands of files
	for i, e := range c.before {
		known[e.fileID] = append(known[e.fileID], i)
	}
	for _, b := range found {
		at := -1
		for _, i := range known[idOf(b.info)] {
			if c.before[i].isAt(b.info) {
				at = i
				break
			}
		}
		switch {
		case at >= 0 && c.before[at].Read && (!c.before[at].Torn || b.named || time.Since(b.info.ModTime()) < tornFor):
			c.there[at] = true
		case b.info.Size() > 0 || b.info.IsDir(): // not all systems give a folder a size
			unread = append(unread, b)
		}
	}
	return unread
}

// foundLast tells whether the file that was read last exists.
func (c *comparison) foundLast() bool {
	last := len(c.before) - 1
	return last < 0 || c.there[last]
}

// open returns a file and the beginning of its text, or nil if it cannot be read now.
func (c *comparison) open(ctx context.Context, b *beside) (*os.File, []byte) {
	f, err := b.file(ctx)
	if errors.Is(err, errMoved) {
		c.moving = true
		return nil, nil
	}
	var head []byte
	if err == nil {
		if head, err = headOf(f); err != nil {
			err = fmt.Errorf("%s: %w", c.in.nameOf(b), err)
		}
	}
	c.cannot(err)
	if err != nil || !b.named && bytes.HasPrefix(c.start, head) { // it is still being copied, and its content is also in the file with the name
		c.in.drop(&piece{file: f})
		return nil, nil
	}
	return f, head
}

// cannot notes an error if it is the first.
func (c *comparison) cannot(err error) {
	if c.unread == nil {
		c.unread = err
	}
}

// compare finds the entry of a file, and makes the oldest file with something new next.
func (c *comparison) compare(b *beside, f *os.File, head []byte) {
	p, at, k, err := recognize(f, head, c.before, b.named)
	if err != nil {
		c.cannot(fmt.Errorf("%s: %w", c.in.nameOf(b), err))
		c.in.drop(&p)
		return
	}
	p.from.see(b.info)
	switch {
	case k == copied:
		p.from.Read, p.from.Torn = true, false
		if c.there[at] { // what it is a copy of exists too
			c.known = append(c.known, p.from)
		} else {
			c.before[at] = p.from
		}
	case c.next == nil:
		p.name, p.named, p.final = c.in.nameOf(b), b.named, !b.named && time.Since(b.info.ModTime()) >= tornFor
		c.next = &p
		if at >= 0 && !c.there[at] { // otherwise the other file still exists
			c.goesOn = at
		}
	}
	if at >= 0 {
		c.there[at] = true
	}
	if c.next != &p {
		c.in.drop(&p)
	}
}

func (in *input) nameOf(b *beside) string {
	if b.named {
		return in.name
	}
	return b.path
}

// keep keeps the entries of all files but next, and finds out whether the file that was read last is lost.
func (c *comparison) keep() {
	away := 0 // the files after this one that do not exist
	for _, is := range c.there {
		if !is {
			away++
		}
	}
	for i, e := range c.before {
		copied := func(o entry) bool { return o.Head == e.Head && o.Head.Length > 0 && o.Offset >= e.Offset }
		if !c.there[i] {
			away--
		}
		switch {
		case i == c.goesOn: // this entry becomes next
		case c.there[i]:
			c.known = append(c.known, e)
		case c.next != nil && e.Offset+int64(e.Head.Length) == 0 && e.fileID == c.next.from.fileID: // so does this one, which was empty
		case slices.ContainsFunc(c.known, copied):
		case i == len(c.before)-1 && e.Offset > 0 && !c.moving && c.unread == nil:
			c.lost = true
		case away < maxAway || c.early:
			c.known = append(c.known, e)
		}
	}
}

// maxAway is how many files that no longer exist are remembered.
const maxAway = 16

// recognize finds the entry that a file continues or is a copy of. at is its index, or -1 for a new file.
func recognize(f *os.File, head []byte, known []entry, named bool) (p piece, at int, k kinship, err error) {
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
			if p, k, err = resume(f, head, e); err != nil {
				return p, -1, other, err
			}
		}
		switch {
		case k == copied && !named: // a file with the name that matches was cut short to its beginning, so it is not a copy
			return piece{file: f, from: e}, i, copied, nil
		case k == same && (at < 0 || e.Offset > known[at].Offset):
			at = i
		}
	}
	from := entry{}
	if at >= 0 {
		from = known[at]
	}
	p, k, err = resume(f, head, from)
	return p, at, k, err
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
