package imageclean

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	stdpng "image/png"
	"testing"

	"pgregory.net/rapid"
)

const secret = "GPS 64.75 N, Anna Andersson, Canon 123"

func picture() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 37, 21))
	for x := range 37 {
		for y := range 21 {
			img.Set(x, y, color.RGBA{uint8(x * 7), uint8(y * 11), 90, 255})
		}
	}
	return img
}

func segment(marker byte, body string) []byte {
	out := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(out[2:], uint16(len(body)+2))
	return append(out, body...)
}

// tiff is Exif with an orientation and a text, in the given byte order.
func tiff(up byte, order binary.AppendByteOrder) string {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, orientationTag)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(up))
	b = order.AppendUint16(b, 0)
	return "Exif\x00\x00" + string(order.AppendUint32(b, 0)) + secret
}

func TestJPEGLosesWhatIsWrittenAboutIt(t *testing.T) {
	t.Parallel()
	var plain bytes.Buffer
	if err := stdjpeg.Encode(&plain, picture(), nil); err != nil {
		t.Fatal(err)
	}
	raw := plain.Bytes()
	for name, up := range map[string]string{"little": tiff(6, binary.LittleEndian), "big": tiff(6, binary.BigEndian)} {
		dirty := append([]byte{0xff, soi}, segment(app1, up)...)
		for _, s := range [][]byte{segment(0xed, "Photoshop 3.0\x00"+secret), segment(com, secret), segment(app1, "http://ns.adobe.com/xap/1.0/\x00"+secret), segment(app2, "MPF\x00"+secret)} {
			dirty = append(dirty, s...)
		}
		dirty = append(append(dirty, raw[2:]...), secret...) // and behind the picture
		got, err := Clean("image/jpeg", dirty)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if bytes.Contains(got, []byte(secret)) || bytes.Contains(got, []byte("Canon")) {
			t.Errorf("%s: the text is still there", name)
		}
		if orientation(got) != 6 {
			t.Errorf("%s: which side is up was lost", name)
		}
		sameJPEG(t, raw, got)
		if again, err := Clean("image/jpeg", got); err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: a second cleaning changes it (%v)", name, err)
		}
	}
	if got, err := Clean("image/jpeg", raw); err != nil || !bytes.Equal(got, raw) {
		t.Errorf("a clean picture is changed (%v)", err)
	}
}

func sameJPEG(t *testing.T, a, b []byte) {
	t.Helper()
	x, err1 := stdjpeg.Decode(bytes.NewReader(a))
	y, err2 := stdjpeg.Decode(bytes.NewReader(b))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(x.(*image.YCbCr).Y, y.(*image.YCbCr).Y) || !bytes.Equal(x.(*image.YCbCr).Cb, y.(*image.YCbCr).Cb) {
		t.Error("the picture itself was changed")
	}
}

func chunkOf(name, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, name+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(name+body)))
}

func TestPNGLosesWhatIsWrittenAboutIt(t *testing.T) {
	t.Parallel()
	var plain bytes.Buffer
	if err := stdpng.Encode(&plain, picture()); err != nil {
		t.Fatal(err)
	}
	raw := plain.Bytes()
	const head = 8 + 25 // signature and IHDR
	dirty := append([]byte{}, raw[:head]...)
	for _, name := range []string{"tEXt", "iTXt", "zTXt", "eXIf", "tIME", "prVt"} {
		dirty = append(dirty, chunkOf(name, secret)...)
	}
	dirty = append(append(dirty, raw[head:]...), secret...)
	got, err := Clean("image/png", dirty)
	if err != nil || !bytes.Equal(got, raw) {
		t.Errorf("not the plain picture (%v), %d and %d bytes", err, len(got), len(raw))
	}
	if _, err := stdpng.Decode(bytes.NewReader(got)); err != nil {
		t.Error(err)
	}
}

func TestAnyBytesAreTakenWithoutPanic(t *testing.T) {
	t.Parallel()
	var j, p bytes.Buffer
	if err := errors.Join(stdjpeg.Encode(&j, picture(), nil), stdpng.Encode(&p, picture())); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		kind, file := "image/jpeg", bytes.Clone(j.Bytes())
		if rapid.Bool().Draw(t, "png") {
			kind, file = "image/png", bytes.Clone(p.Bytes())
		}
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			file[rapid.IntRange(2, len(file)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		file = file[:rapid.IntRange(0, len(file)).Draw(t, "length")]
		if got, err := Clean(kind, file); err == nil && len(got) > len(file)+64 {
			t.Fatalf("%d bytes became %d", len(file), len(got))
		}
	})
	if got, err := Clean("application/pdf", []byte("x")); err != nil || string(got) != "x" {
		t.Error("a PDF is touched")
	}
}
