// Package imageclean takes what a camera or a program wrote about a picture
// out of JPEG and PNG files: place, time, device, author, comments, thumbnails
// (RF-25). The picture itself is not touched: its data are copied as they are,
// with what is needed to draw it (colours, and which side is up).
package imageclean

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// ErrBroken says that the file is not what it begins as.
var ErrBroken = errors.New("the picture is broken")

// Clean gives the file without what is written about the picture. Files of other types come back as they are.
func Clean(contentType string, file []byte) ([]byte, error) {
	switch contentType {
	case "image/jpeg":
		return jpeg(file)
	case "image/png":
		return png(file)
	}
	return file, nil
}

// Markers of JPEG (ITU-T T.81, annex B).
const (
	soi, eoi, sos, com = 0xd8, 0xd9, 0xda, 0xfe
	app0, app15        = 0xe0, 0xef
	app1, app2, app14  = 0xe1, 0xe2, 0xee
)

// jpeg copies the segments that a decoder needs, and ends with the picture:
// what some cameras put behind it (films, second pictures) is left out.
func jpeg(in []byte) ([]byte, error) {
	if len(in) < 4 || in[0] != 0xff || in[1] != soi {
		return nil, ErrBroken
	}
	out := append(make([]byte, 0, len(in)), 0xff, soi)
	up := orientation(in)
	written := false
	for i := 2; ; {
		if i+1 >= len(in) || in[i] != 0xff {
			return nil, ErrBroken
		}
		marker := in[i+1]
		switch {
		case marker == 0xff: // fill byte
			i++
			continue
		case marker == eoi:
			return append(out, 0xff, eoi), nil
		}
		if i+4 > len(in) {
			return nil, ErrBroken
		}
		end := i + 2 + int(binary.BigEndian.Uint16(in[i+2:]))
		if end > len(in) || end < i+4 {
			return nil, ErrBroken
		}
		if !written && marker != app0 {
			out = append(out, exifFor(up)...)
			written = true
		}
		if keepSegment(marker, in[i+4:end]) {
			out = append(out, in[i:end]...)
		}
		i = end
		if marker == sos { // the picture's data run until a marker that is none of theirs
			begin := i
			for i+1 < len(in) && (in[i] != 0xff || in[i+1] == 0 || in[i+1] >= 0xd0 && in[i+1] <= 0xd7) {
				i++
			}
			if i+1 >= len(in) {
				return nil, ErrBroken
			}
			out = append(out, in[begin:i]...)
		}
	}
}

// keepSegment keeps JFIF without its thumbnail's application data, the colour profile and Adobe's word about colours.
func keepSegment(marker byte, body []byte) bool {
	switch {
	case marker == app0:
		return bytes.HasPrefix(body, []byte("JFIF\x00"))
	case marker == app2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == app14:
		return bytes.HasPrefix(body, []byte("Adobe"))
	}
	return marker != com && (marker < app0 || marker > app15)
}

const orientationTag = 0x0112

// orientation reads from Exif which side is up: 1 (as it lies) to 8; 0 if nothing says so.
func orientation(in []byte) uint16 {
	for i := 2; i+4 <= len(in) && in[i] == 0xff && in[i+1] != sos; {
		end := i + 2 + int(binary.BigEndian.Uint16(in[i+2:]))
		if end > len(in) || end < i+4 {
			return 0
		}
		if tiff, ok := bytes.CutPrefix(in[i+4:end], []byte("Exif\x00\x00")); ok && in[i+1] == app1 {
			return tiffOrientation(tiff)
		}
		i = end
	}
	return 0
}

func tiffOrientation(tiff []byte) uint16 {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	n := int64(order.Uint16(tiff[at:]))
	for e := at + 2; n > 0 && e+12 <= int64(len(tiff)); e, n = e+12, n-1 {
		if order.Uint16(tiff[e:]) == orientationTag {
			if v := order.Uint16(tiff[e+8:]); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}

// exifFor is an Exif segment that holds which side is up and nothing else.
func exifFor(up uint16) []byte {
	if up < 2 {
		return nil
	}
	tiff := []byte{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, orientationTag & 0xff, orientationTag >> 8, 3, 0, 1, 0, 0, 0, byte(up), 0, 0, 0, 0, 0, 0, 0}
	body := append([]byte("Exif\x00\x00"), tiff...)
	return append([]byte{0xff, app1, 0, byte(len(body) + 2)}, body...)
}

// keptChunks of PNG are those that a decoder needs for the picture, also a moving one.
var keptChunks = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "acTL", "fcTL", "fdAT"}

// png copies the chunks that are needed and ends with IEND.
func png(in []byte) ([]byte, error) {
	const head = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(in, []byte(head)) {
		return nil, ErrBroken
	}
	out := append(make([]byte, 0, len(in)), head...)
	for i := len(head); i+12 <= len(in); {
		end := int64(i) + 12 + int64(binary.BigEndian.Uint32(in[i:]))
		if end > int64(len(in)) {
			return nil, ErrBroken
		}
		name := string(in[i+4 : i+8])
		if slices.Contains(keptChunks, name) {
			out = append(out, in[i:end]...)
		}
		if name == "IEND" {
			return out, nil
		}
		i = int(end)
	}
	return nil, ErrBroken
}
