module callchain.example/exporters

go 1.22
