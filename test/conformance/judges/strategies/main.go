// strategies renders a chart as a user of Helm 4's library can: with any of its post-render strategies, which the command line
// does not offer. It prints what the release would have, and what the post-renderer was handed.
//
//	strategies STRATEGY CHART RELEASE NAMESPACE VALUES.json PROGRAM [ARGUMENT...]
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	release "helm.sh/helm/v4/pkg/release/v1"
)

type hook struct {
	Path     string `json:"path"`
	Manifest string `json:"manifest"`
}

type result struct {
	Manifest string   `json:"manifest"`
	Hooks    []hook   `json:"hooks"`
	Streams  []string `json:"streams"`
}

// program is a post-renderer that is a command, as Helm runs one.
type program struct {
	command []string
	streams []string
}

func (p *program) Run(in *bytes.Buffer) (*bytes.Buffer, error) {
	p.streams = append(p.streams, in.String())
	cmd := exec.Command(p.command[0], p.command[1:]...)
	var out, said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &said
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said.String())
	}
	return &out, nil
}

func run(args []string) (*result, error) {
	if len(args) < 6 {
		return nil, fmt.Errorf("usage: strategies STRATEGY CHART RELEASE NAMESPACE VALUES.json PROGRAM [ARGUMENT...]")
	}
	chart, err := loader.Load(args[1])
	if err != nil {
		return nil, err
	}
	source, err := os.ReadFile(args[4])
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	if err := json.Unmarshal(source, &values); err != nil {
		return nil, err
	}
	renderer := &program{command: args[5:]}
	install := action.NewInstall(action.NewConfiguration())
	install.DryRunStrategy = action.DryRunClient
	install.ReleaseName, install.Namespace = args[2], args[3]
	install.PostRenderer = renderer
	install.PostRenderStrategy = action.PostRenderStrategy(args[0])
	installed, err := install.Run(chart, values)
	if err != nil {
		return nil, err
	}
	made, ok := installed.(*release.Release)
	if !ok {
		return nil, fmt.Errorf("a release of an unknown kind: %T", installed)
	}
	found := &result{Manifest: made.Manifest, Hooks: []hook{}, Streams: renderer.streams}
	for _, h := range made.Hooks {
		found.Hooks = append(found.Hooks, hook{h.Path, h.Manifest})
	}
	return found, nil
}

func main() {
	found, err := run(os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
