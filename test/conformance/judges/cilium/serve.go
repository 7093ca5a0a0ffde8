package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// question is one run of the command line in one line: policies, a world, and queries about them.
type question struct {
	Policies  string          `json:"policies"` // a file
	World     json.RawMessage `json:"world"`
	Namespace string          `json:"namespace"`
	Queries   []Query         `json:"queries"`
}

// reply has either Refused or a verdict for each query.
type reply struct {
	Refused  string     `json:"refused,omitempty"`
	Error    string     `json:"error,omitempty"`
	Verdicts []*Verdict `json:"verdicts,omitempty"`
}

// serve answers questions one after the other. Every question gets a repository, identities and an ipcache of its own;
// what they share are the agent's options and the compiled schemas, which cost more than the answer.
func serve(cfg config, logger *slog.Logger) int {
	configureCilium(cfg)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for {
		raw, err := in.ReadBytes('\n')
		if err == io.EOF && len(raw) == 0 {
			return 0
		}
		if err != nil && err != io.EOF {
			fmt.Fprintln(os.Stderr, "oracle-cilium: stdin:", err)
			return exitUsage
		}
		if err := enc.Encode(answerQuestion(cfg, logger, raw)); err != nil {
			fmt.Fprintln(os.Stderr, "oracle-cilium: stdout:", err)
			return exitUsage
		}
		if err := out.Flush(); err != nil {
			return exitUsage // nobody listens any more
		}
	}
}

func answerQuestion(cfg config, logger *slog.Logger, raw []byte) reply {
	var q question
	if err := json.Unmarshal(raw, &q); err != nil {
		return reply{Error: err.Error()}
	}
	cfg.namespace = q.Namespace
	var w World
	if err := json.Unmarshal(q.World, &w); err != nil {
		return reply{Error: "world: " + err.Error()}
	}
	data, err := os.ReadFile(q.Policies)
	if err != nil {
		return reply{Error: err.Error()}
	}
	pols, err := loadPolicies(logger, cfg, &w, data)
	if err != nil {
		return reply{Refused: err.Error()}
	}
	o, err := newOracle(logger, cfg, &w, pols)
	if err != nil {
		if isRefusal(err) {
			return reply{Refused: err.Error()}
		}
		return reply{Error: err.Error()}
	}
	defer o.close()
	verdicts := make([]*Verdict, len(q.Queries))
	for i := range q.Queries {
		verdicts[i] = o.answer(&q.Queries[i])
		if verdicts[i].Error != "" {
			return reply{Error: fmt.Sprintf("query %s: %s", verdicts[i].ID, verdicts[i].Error)}
		}
	}
	return reply{Verdicts: verdicts}
}
