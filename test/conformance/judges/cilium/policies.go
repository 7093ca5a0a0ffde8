package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/netip"
	"strings"
	"sync"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
	"sigs.k8s.io/yaml"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	ciliumclient "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
	ciliumv2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2/validator"
	slim_networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	slim_intstr "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/util/intstr"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	policyutils "github.com/cilium/cilium/pkg/policy/utils"
	"github.com/cilium/cilium/pkg/source"
)

// policyError marks "Cilium (or the API server before it) refuses this policy".
type policyError struct{ err error }

func (e *policyError) Error() string { return e.err.Error() }
func (e *policyError) Unwrap() error { return e.err }

func refuse(format string, a ...any) error { return &policyError{fmt.Errorf(format, a...)} }

// loaded is one policy after Cilium's own parser: what policyImporter.UpdatePolicy receives.
type loaded struct {
	name     string
	resource ipcachetypes.ResourceID
	source   source.Source
	rules    types.PolicyEntries
	group    *cidrGroup // instead of rules
}

// cidrGroup is what a CiliumCIDRGroup says of addresses.
type cidrGroup struct {
	prefixes []netip.Prefix
	labels   labels.Labels
}

type header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
}

// loadPolicies reads a multi-document YAML stream. The policy kinds go through Cilium's own
// parser, exactly as pkg/policy/k8s/{network_policy,cilium_network_policy,cluster_network_policy}.go
// call it; every other kind is skipped.
func loadPolicies(logger *slog.Logger, cfg config, w *World, data []byte) ([]loaded, error) {
	svcs, err := newServices(w)
	if err != nil {
		return nil, err
	}
	var out []loaded
	seen := map[ipcachetypes.ResourceID]bool{}
	r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for n := 1; ; n++ {
		doc, err := r.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, refuse("document %d: %w", n, err)
		}
		if len(bytes.TrimSpace(doc)) == 0 {
			continue
		}
		js, err := yaml.YAMLToJSONStrict(doc)
		if err != nil {
			return nil, refuse("document %d: %w", n, err)
		}
		if string(js) == "null" {
			continue
		}
		docs := []json.RawMessage{js}
		var list struct {
			Kind  string            `json:"kind"`
			Items []json.RawMessage `json:"items"`
		}
		if json.Unmarshal(js, &list) == nil && list.Kind == "List" {
			docs = list.Items
		}
		for _, d := range docs {
			var h header
			if err := json.Unmarshal(d, &h); err != nil {
				continue // not a Kubernetes object
			}
			l, err := loadOne(logger, cfg, svcs, h, d)
			if err != nil {
				return nil, refuse("%s %s: %w", h.Kind, h.Metadata.Name, err)
			}
			if l == nil {
				continue
			}
			if seen[l.resource] {
				return nil, refuse("%s %s: a second policy of that kind, namespace and name", h.Kind, l.name)
			}
			seen[l.resource] = true
			out = append(out, *l)
		}
	}
}

func loadOne(logger *slog.Logger, cfg config, svcs *services, h header, js []byte) (l *loaded, err error) {
	// Cilium panics where it counts on the API server's validation (pkg/policy/types/selector.go:462,469).
	defer func() {
		if p := recover(); p != nil {
			l, err = nil, fmt.Errorf("cilium panics on it: %v", p)
		}
	}()
	clusterName := cmtypes.LocalClusterNameForPolicies(cmtypes.DefaultPolicyConfig, cfg.clusterName)

	switch h.APIVersion + "/" + h.Kind {
	case "networking.k8s.io/v1/NetworkPolicy":
		np := &slim_networkingv1.NetworkPolicy{}
		if err := json.Unmarshal(js, np); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		if np.Namespace == "" {
			np.Namespace = cfg.namespace
		}
		if cfg.schema {
			if err := checkNetworkPolicy(js, np); err != nil {
				return nil, fmt.Errorf("the API server would refuse it (this program's check, not Cilium's): %w", err)
			}
		}
		// pkg/policy/k8s/network_policy.go:23
		rules, err := k8s.ParseNetworkPolicy(logger, clusterName, np)
		if err != nil {
			return nil, fmt.Errorf("cilium: %w", err)
		}
		return &loaded{
			name:     np.Namespace + "/" + np.Name,
			resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindNetpol, np.Namespace, np.Name),
			source:   source.Kubernetes,
			rules:    rules,
		}, nil

	case "cilium.io/v2/CiliumNetworkPolicy", "cilium.io/v2/CiliumClusterwideNetworkPolicy":
		clusterwide := h.Kind == "CiliumClusterwideNetworkPolicy"
		if cfg.schema {
			if js, err = validateCilium(logger, js, clusterwide); err != nil {
				return nil, fmt.Errorf("cilium CRD schema: %w", err)
			}
		}
		// The agent turns both kinds into one SlimCNP (namespace "" = clusterwide) and calls
		// CiliumNetworkPolicy.Parse: pkg/policy/k8s/cilium_network_policy.go:127
		cnp := &ciliumv2.CiliumNetworkPolicy{}
		if err := json.Unmarshal(js, cnp); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		kind := ipcachetypes.ResourceKindCNP
		if clusterwide {
			cnp.Namespace = ""
			kind = ipcachetypes.ResourceKindCCNP
		} else if cnp.Namespace == "" {
			cnp.Namespace = cfg.namespace
		}
		svcs.resolve(cnp)
		rules, err := cnp.Parse(logger, clusterName)
		if err != nil {
			return nil, fmt.Errorf("cilium: %w", err)
		}
		return &loaded{
			name:     strings.TrimPrefix(cnp.Namespace+"/"+cnp.Name, "/"),
			resource: ipcachetypes.NewResourceID(kind, cnp.Namespace, cnp.Name),
			source:   source.CustomResource,
			rules:    policyutils.RulesToPolicyEntries(rules),
		}, nil

	case "policy.networking.k8s.io/v1alpha2/ClusterNetworkPolicy":
		if cfg.schema {
			if js, err = validateKCNP(js); err != nil {
				return nil, fmt.Errorf("the API server would refuse it (network-policy-api v0.2.0 CRD, not Cilium's parser): %w", err)
			}
		}
		kcnp := &policyv1alpha2.ClusterNetworkPolicy{}
		if err := json.Unmarshal(js, kcnp); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		kcnp.Namespace = ""
		// pkg/policy/k8s/cluster_network_policy.go:26
		rules, err := k8s.ParseClusterNetworkPolicy(logger, clusterName, kcnp)
		if err != nil {
			return nil, fmt.Errorf("cilium: %w", err)
		}
		return &loaded{
			name:     kcnp.Name,
			resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindKCNP, "", kcnp.Name),
			source:   source.Kubernetes,
			rules:    rules,
		}, nil
	}

	if h.APIVersion+"/"+h.Kind == "cilium.io/v2/CiliumCIDRGroup" {
		return loadCIDRGroup(js)
	}
	switch h.Kind {
	case "NetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "ClusterNetworkPolicy",
		"AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "CiliumCIDRGroup":
		logger.Warn("ignored: not a policy kind and version this oracle loads", "apiVersion", h.APIVersion, "kind", h.Kind, "name", h.Metadata.Name)
	}
	return nil, nil
}

// loadCIDRGroup is cidrsAndLabelsForCIDRGroup in pkg/policy/k8s/cilium_cidr_group.go:40, which is not exported.
func loadCIDRGroup(js []byte) (*loaded, error) {
	g := &ciliumv2.CiliumCIDRGroup{}
	if err := json.Unmarshal(js, g); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	out := &cidrGroup{labels: labels.Labels{}}
	for k, v := range k8sutils.RemoveCiliumLabels(g.Labels) {
		l := labels.NewLabel(k, v, labels.LabelSourceCIDRGroup)
		out.labels[l.Key] = l
		e := labels.EncodedCIDRGroupLabel(l.Key, l.Value, l.Source)
		out.labels[e.Key] = e
	}
	l := api.LabelForCIDRGroupRef(g.Name)
	out.labels[l.Key] = l
	for _, c := range g.Spec.ExternalCIDRs {
		p, err := netip.ParsePrefix(string(c))
		if err != nil {
			return nil, err
		}
		out.prefixes = append(out.prefixes, p)
	}
	return &loaded{
		name:     g.Name,
		resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindCIDRGroup, "", g.Name),
		source:   source.Generated,
		group:    out,
	}, nil
}

// ---- API-server side checks -------------------------------------------------------------------

var npValidator = sync.OnceValues(func() (*validator.NPValidator, error) {
	return validator.NewNPValidator(slog.New(slog.DiscardHandler))
})

// validateCilium: Cilium's own NPValidator (what `cilium-dbg preflight validate-cnp` runs), then the
// CRD's defaults and CEL rules as the API server applies them.
func validateCilium(logger *slog.Logger, js []byte, clusterwide bool) ([]byte, error) {
	v, err := npValidator()
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{}
	if err := json.Unmarshal(js, &u.Object); err != nil {
		return nil, err
	}
	crd := cnpSchema
	if clusterwide {
		crd = ccnpSchema
		err = v.ValidateCCNP(u)
	} else {
		err = v.ValidateCNP(u)
	}
	if err != nil {
		return nil, err
	}
	c, err := crd()
	if err != nil {
		return nil, err
	}
	return c.apply(js, false)
}

var (
	cnpSchema  = ciliumCRD(ciliumclient.CNPCRDName)
	ccnpSchema = ciliumCRD(ciliumclient.CCNPCRDName)
)

// ciliumCRD compiles a schema once: with its CEL rules that takes longer than all else here.
func ciliumCRD(name string) func() (*crdSchema, error) {
	return sync.OnceValues(func() (*crdSchema, error) {
		crd := ciliumclient.GetPregeneratedCRD(slog.New(slog.DiscardHandler), name)
		return newCRDSchema(&crd)
	})
}

//go:embed crds/clusternetworkpolicies.experimental.yaml
var kcnpCRD []byte

var kcnpSchema = sync.OnceValues(func() (*crdSchema, error) {
	var crd apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(kcnpCRD, &crd); err != nil {
		return nil, err
	}
	return newCRDSchema(&crd)
})

func validateKCNP(js []byte) ([]byte, error) {
	s, err := kcnpSchema()
	if err != nil {
		return nil, err
	}
	return s.apply(js, true)
}

type crdSchema struct {
	structural *schema.Structural
	schema     validation.SchemaCreateValidator
	cel        *cel.Validator
}

func newCRDSchema(crd *apiextensionsv1.CustomResourceDefinition) (*crdSchema, error) {
	var internal apiextensions.CustomResourceValidation
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(
		crd.Spec.Versions[0].Schema, &internal, nil); err != nil {
		return nil, err
	}
	s, err := schema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	v, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	return &crdSchema{structural: s, schema: v, cel: cel.NewValidator(s, true, celconfig.PerCallLimit)}, nil
}

// apply returns the object with the CRD's defaults, or the errors of its schema and CEL rules.
func (c *crdSchema) apply(js []byte, withSchema bool) ([]byte, error) {
	var obj map[string]any
	if err := json.Unmarshal(js, &obj); err != nil {
		return nil, err
	}
	intify(obj)
	// kubectl's default (server-side strict field validation): an unknown field is an error, not pruned.
	if unknown := pruning.PruneWithOptions(obj, c.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}); len(unknown) > 0 {
		return nil, fmt.Errorf("unknown fields: %s", strings.Join(unknown, ", "))
	}
	defaulting.Default(obj, c.structural)
	if withSchema {
		if errs := validation.ValidateCustomResource(nil, obj, c.schema); len(errs) > 0 {
			return nil, errs.ToAggregate()
		}
	}
	if c.cel != nil {
		errs, _ := c.cel.Validate(context.Background(), nil, c.structural, obj, nil, math.MaxInt64)
		if len(errs) > 0 {
			return nil, errs.ToAggregate()
		}
	}
	return json.Marshal(obj)
}

// intify turns whole float64s into int64, as the API server's decoder does (CEL types depend on it).
func intify(v any) any {
	switch t := v.(type) {
	case map[string]any:
		for k, e := range t {
			t[k] = intify(e)
		}
	case []any:
		for i, e := range t {
			t[i] = intify(e)
		}
	case float64:
		if t == math.Trunc(t) && math.Abs(t) < 1<<53 {
			return int64(t)
		}
	}
	return v
}

// checkNetworkPolicy: a networking.k8s.io/v1 NetworkPolicy has no CRD, and Cilium's ParseNetworkPolicy
// checks neither ports nor CIDRs. This is the part of k8s.io/kubernetes/pkg/apis/networking/validation
// that matters here; it is this program's, not Cilium's.
func checkNetworkPolicy(js []byte, np *slim_networkingv1.NetworkPolicy) error {
	var errs []error
	bad := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	if err := yaml.UnmarshalStrict(js, &networkingv1.NetworkPolicy{}, yaml.DisallowUnknownFields); err != nil {
		bad("%w", err)
	}
	if np.Name == "" {
		bad("metadata.name: required")
	}
	for i, t := range np.Spec.PolicyTypes {
		if t != slim_networkingv1.PolicyTypeIngress && t != slim_networkingv1.PolicyTypeEgress {
			bad("spec.policyTypes[%d]: %q is neither Ingress nor Egress", i, t)
		}
	}
	ports := func(path string, pp []slim_networkingv1.NetworkPolicyPort) {
		for i, p := range pp {
			at := fmt.Sprintf("%s.ports[%d]", path, i)
			if p.Protocol != nil {
				switch string(*p.Protocol) {
				case "TCP", "UDP", "SCTP":
				default:
					bad("%s.protocol: %q", at, *p.Protocol)
				}
			}
			if p.Port == nil {
				if p.EndPort != nil {
					bad("%s.endPort: may not be specified when port is not", at)
				}
				continue
			}
			if p.Port.Type == slim_intstr.Int {
				if p.Port.IntVal < 1 || p.Port.IntVal > 65535 {
					bad("%s.port: %d: must be between 1 and 65535", at, p.Port.IntVal)
				}
				if p.EndPort != nil && (*p.EndPort < p.Port.IntVal || *p.EndPort > 65535) {
					bad("%s.endPort: %d", at, *p.EndPort)
				}
			} else {
				if p.EndPort != nil {
					bad("%s.endPort: may not be specified when port is a name", at)
				}
				for _, m := range utilvalidation.IsValidPortName(p.Port.StrVal) {
					bad("%s.port: %q: %s", at, p.Port.StrVal, m)
				}
			}
		}
	}
	peers := func(path string, pp []slim_networkingv1.NetworkPolicyPeer) {
		for i, p := range pp {
			at := fmt.Sprintf("%s[%d]", path, i)
			if p.IPBlock == nil {
				if p.PodSelector == nil && p.NamespaceSelector == nil {
					bad("%s: must specify a peer", at)
				}
				continue
			}
			if p.PodSelector != nil || p.NamespaceSelector != nil {
				bad("%s: ipBlock with another selector", at)
			}
			c, err := netip.ParsePrefix(p.IPBlock.CIDR)
			if err != nil {
				bad("%s.ipBlock.cidr: %v", at, err)
				continue
			}
			for j, x := range p.IPBlock.Except {
				e, err := netip.ParsePrefix(x)
				if err != nil {
					bad("%s.ipBlock.except[%d]: %v", at, j, err)
				} else if !c.Contains(e.Addr()) || e.Bits() <= c.Bits() {
					bad("%s.ipBlock.except[%d]: %s is not a strict subset of %s", at, j, e, c)
				}
			}
		}
	}
	for i, r := range np.Spec.Ingress {
		at := fmt.Sprintf("spec.ingress[%d]", i)
		ports(at, r.Ports)
		peers(at+".from", r.From)
	}
	for i, r := range np.Spec.Egress {
		at := fmt.Sprintf("spec.egress[%d]", i)
		ports(at, r.Ports)
		peers(at+".to", r.To)
	}
	return errors.Join(errs...)
}
