// oracle-cilium answers "does Cilium itself allow this flow under these
// policies?" by running Cilium v1.20.2's own policy code: its parsers and
// sanitizers, its policy repository, selector caches, ipcache (CIDR, node and
// kube-apiserver identities), local identity allocator and policy map look-up.
//
// What is written here is only the wiring: YAML/JSON in, verdicts out.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"

	"github.com/cilium/cilium/pkg/logging"
	"github.com/cilium/cilium/pkg/option"
)

const (
	exitUsage  = 1 // bad flags, unreadable world, unreadable files
	exitPolicy = 2 // a policy was refused
	exitQuery  = 3 // at least one query could not be answered
)

type config struct {
	namespace      string
	clusterName    string
	ipv4, ipv6     bool
	allowLocalhost string
	enforcement    string
	cidrMatchMode  string
	nodeLabels     bool
	schema         bool
	explain        bool
	check          bool
	dump           bool
	verbose        bool
	serve          bool
}

func main() {
	debug.SetGCPercent(400)
	var cfg config
	flag.StringVar(&cfg.namespace, "namespace", "default", "namespace of a namespaced policy that has none")
	flag.StringVar(&cfg.clusterName, "cluster-name", "default", "Cilium cluster-name")
	flag.BoolVar(&cfg.ipv4, "ipv4", true, "Cilium enable-ipv4")
	flag.BoolVar(&cfg.ipv6, "ipv6", false, "Cilium enable-ipv6 (Helm default false; turns reserved:world into reserved:world-ipv4/6)")
	flag.StringVar(&cfg.allowLocalhost, "allow-localhost", "always", "Cilium allow-localhost: always (what 'auto' becomes under Kubernetes) or policy")
	flag.StringVar(&cfg.enforcement, "enforcement", "default", "Cilium enable-policy: default, always or never")
	flag.StringVar(&cfg.cidrMatchMode, "cidr-match-mode", "", "Cilium policy-cidr-match-mode: nodes (default empty, as the agent; pods is not wired here)")
	flag.BoolVar(&cfg.nodeLabels, "node-selector-labels", false, "Cilium enable-node-selector-labels (fromNodes/toNodes, ClusterNetworkPolicy egress nodes)")
	flag.BoolVar(&cfg.schema, "schema", true, "also refuse what the API server would refuse before Cilium sees it (CRD schema + CEL; NetworkPolicy field checks)")
	flag.BoolVar(&cfg.explain, "explain", false, "add identities, rule origins and redirects to every verdict")
	flag.BoolVar(&cfg.check, "check", false, "cross-check every verdict against Cilium's policy.LookupFlow")
	flag.BoolVar(&cfg.dump, "dump", false, "dump identities and policy maps to stderr")
	flag.BoolVar(&cfg.verbose, "v", false, "Cilium info logs on stderr")
	flag.BoolVar(&cfg.serve, "serve", false, "answer one question set a line until the end of stdin (see README.md)")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: oracle-cilium [flags] POLICIES.yaml WORLD.json < queries.jsonl > verdicts.jsonl")
		fmt.Fprintln(os.Stderr, "       oracle-cilium [flags] -serve < questions.jsonl > answers.jsonl")
		flag.PrintDefaults()
	}
	flag.Parse()
	if cfg.serve != (flag.NArg() == 0) || (!cfg.serve && flag.NArg() != 2) {
		flag.Usage()
		os.Exit(exitUsage)
	}

	switch {
	case cfg.cidrMatchMode != "" && cfg.cidrMatchMode != "nodes":
		fmt.Fprintln(os.Stderr, "oracle-cilium: -cidr-match-mode: only nodes")
		os.Exit(exitUsage)
	case cfg.allowLocalhost != option.AllowLocalhostAlways && cfg.allowLocalhost != option.AllowLocalhostPolicy:
		fmt.Fprintln(os.Stderr, "oracle-cilium: -allow-localhost: always or policy")
		os.Exit(exitUsage)
	case cfg.enforcement != option.DefaultEnforcement && cfg.enforcement != option.AlwaysEnforce && cfg.enforcement != option.NeverEnforce:
		fmt.Fprintln(os.Stderr, "oracle-cilium: -enforcement: default, always or never")
		os.Exit(exitUsage)
	}

	level := slog.LevelWarn
	if cfg.verbose {
		level = slog.LevelInfo
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	logging.SetLogLevel(level)

	if cfg.serve {
		os.Exit(serve(cfg, logger))
	}
	os.Exit(run(cfg, logger, flag.Arg(0), flag.Arg(1)))
}

func run(cfg config, logger *slog.Logger, policiesPath, worldPath string) int {
	worldBytes, err := os.ReadFile(worldPath)
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle-cilium:", err)
		return exitUsage
	}
	var w World
	if err := json.Unmarshal(worldBytes, &w); err != nil {
		fmt.Fprintf(os.Stderr, "oracle-cilium: %s: %v\n", worldPath, err)
		return exitUsage
	}
	policyBytes, err := os.ReadFile(policiesPath)
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle-cilium:", err)
		return exitUsage
	}

	configureCilium(cfg)

	pols, err := loadPolicies(logger, cfg, &w, policyBytes)
	if err != nil {
		fmt.Fprintf(os.Stderr, "oracle-cilium: %s: %v\n", policiesPath, err)
		return exitPolicy
	}

	o, err := newOracle(logger, cfg, &w, pols)
	if err != nil {
		fmt.Fprintf(os.Stderr, "oracle-cilium: %v\n", err)
		if isRefusal(err) {
			return exitPolicy
		}
		return exitUsage
	}
	if cfg.dump {
		o.dump(os.Stderr)
	}

	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	defer out.Flush()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	rc, line := 0, 0
	for {
		raw, err := in.ReadBytes('\n')
		if len(strings.TrimSpace(string(raw))) > 0 {
			line++
			var q Query
			var v *Verdict
			if jerr := json.Unmarshal(raw, &q); jerr != nil {
				v = &Verdict{ID: q.ID, Error: fmt.Sprintf("line %d: %v", line, jerr)}
			} else {
				v = o.answer(&q)
			}
			if v.Error != "" {
				rc = exitQuery
				fmt.Fprintf(os.Stderr, "oracle-cilium: query %s: %s\n", v.ID, v.Error)
			}
			_ = enc.Encode(v)
		}
		if err == io.EOF {
			return rc
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "oracle-cilium: stdin:", err)
			return exitUsage
		}
	}
}

func isRefusal(err error) bool {
	var pe *policyError
	return errors.As(err, &pe)
}
