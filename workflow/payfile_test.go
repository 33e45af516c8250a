package workflow

import "testing"

func TestPaymentFilesAndMessages(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "IF-1", 2: "IF-1-B", 3: "IF-1-C", 26: "IF-1-Z", 27: "IF-1-AA", 52: "IF-1-AZ", 53: "IF-1-BA", 702: "IF-1-ZZ", 703: "IF-1-AAA"} {
		if got := MessageName("IF-1", n); got != want {
			t.Errorf("message %d is %s, want %s", n, got, want)
		}
	}
	seen := map[string]bool{}
	for n := 1; n < 2000; n++ {
		name := MessageName("IF-1", n)
		if seen[name] {
			t.Fatalf("%s twice", name)
		}
		seen[name] = true
		for _, v := range []string{"03", "09"} {
			version, part, ok := PaymentFilePart(PaymentFileName(v, n))
			if !ok || version != "pain.001.001."+v || part != n {
				t.Fatalf("%s reads as %s %d %t", PaymentFileName(v, n), version, part, ok)
			}
		}
	}
	for _, name := range []string{"", "sie.si", "pain.001.001.09", "pain.001.001.09-1.xml", "pain.001.001.09-0.xml", "pain.001.001.09-02.xml", "pain.001.001.09--2.xml",
		"pain.001.001.09-2", "pain.001.001.092.xml", "pain.001.001.08.xml", "pain.001.001.09-2.xml.xml", "pain.001.001.09-+2.xml"} {
		if v, n, ok := PaymentFilePart(name); ok {
			t.Errorf("%q is an order: %s %d", name, v, n)
		}
	}
	for _, c := range []struct{ limit, payments, want int }{{0, 0, 0}, {0, 1, 1}, {0, 10_000, 1}, {0, 10_001, 2}, {2, 5, 3}, {2, 4, 2}} {
		if got := (BankProfile{MaxPayments: c.limit}).Messages(c.payments); got != c.want {
			t.Errorf("%d payments, %d a message: %d messages, want %d", c.payments, c.limit, got, c.want)
		}
	}
}

func TestWhyAgainOfADividedBatch(t *testing.T) {
	t.Parallel()
	const nine, nineTwo, three, threeTwo = "pain.001.001.09.xml", "pain.001.001.09-2.xml", "pain.001.001.03.xml", "pain.001.001.03-2.xml"
	for _, c := range []struct {
		state   BatchState
		name    string
		fetched []string
		want    string
	}{
		{BatchExported, nineTwo, nil, ""},
		{BatchExported, nineTwo, []string{nine, nineTwo, "sie.si"}, ""},
		{BatchExported, threeTwo, []string{nine}, "other"},
		{BatchExported, nine, []string{threeTwo}, "other"},
		{BatchSent, nineTwo, nil, "sent"},
		{BatchCancelled, threeTwo, nil, "cancelled"},
		{BatchSent, "pain.001.001.09-1.xml", nil, ""},
	} {
		if got := (Batch{State: c.state}).WhyAgain(c.name, c.fetched); got != c.want {
			t.Errorf("%s of a batch that is %s, with %v fetched: %q, want %q", c.name, c.state, c.fetched, got, c.want)
		}
	}
}
