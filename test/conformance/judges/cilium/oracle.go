package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/cache"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/ipcache"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	k8sConst "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	slim_corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	slim_metav1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/source"
	testcertificatemanager "github.com/cilium/cilium/pkg/testutils/certificatemanager"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// configureCilium sets the agent options that policy code reads, to the agent's defaults
// under Kubernetes (option.Config starts from pkg/option/config.go:1894).
func configureCilium(cfg config) {
	c := option.Config
	c.ClusterName = cfg.clusterName
	c.EnableIPv4, c.EnableIPv6 = cfg.ipv4, cfg.ipv6
	c.EnableNodeSelectorLabels = cfg.nodeLabels
	c.PolicyCIDRMatchMode = nil
	if cfg.cidrMatchMode != "" {
		c.PolicyCIDRMatchMode = strings.Split(cfg.cidrMatchMode, ",")
	}
	// daemon/cmd/daemon.go:88-96: under Kubernetes "auto" becomes "always".
	c.UnsafeDaemonConfigOption.AllowLocalhost = cfg.allowLocalhost
	c.EnableK8sClusterNetworkPolicy = true // agent default is false
	policy.SetPolicyEnabled(cfg.enforcement)
	api.InitEntities(cfg.clusterName) // as pkg/policy/cell/cell.go:78
	_ = labelsfilter.ParseLabelPrefixCfg(slog.New(slog.DiscardHandler), nil, nil, "")
}

type pod struct {
	key        string
	ip         netip.Addr
	id         *identity.Identity
	namedPorts ciliumtypes.NamedPortMap
	selPol     policy.SelectorPolicy
	epp        *policy.EndpointPolicy
}

type oracle struct {
	logger *slog.Logger
	cfg    config
	repo   *policy.Repository
	idmgr  identitymanager.IDManager
	alloc  *cache.CachingIdentityAllocator
	ipc    *ipcache.IPCache
	pods   map[string]*pod
	byIP   map[netip.Addr]*pod
	nodes  map[string]netip.Addr
	apisrv netip.Addr

	dns     map[string][]netip.Addr
	fqdnMU  sync.Mutex
	fqdnSel []api.FQDNSelector
}

// UpdateIdentities is what pkg/policy/cell/identity_updater.go does, without endpoints to wake.
func (o *oracle) UpdateIdentities(added, deleted identity.IdentityMap) <-chan struct{} {
	wg := &sync.WaitGroup{}
	o.repo.GetSelectorCache().UpdateIdentities(added, deleted, wg)
	wg.Wait()
	ch := make(chan struct{})
	close(ch)
	return ch
}

func (o *oracle) GetNodeSuffix() string { return "oracle" }

// RegisterFQDNSelector stands for pkg/fqdn/namemanager.
func (o *oracle) RegisterFQDNSelector(s api.FQDNSelector) uint64 {
	o.fqdnMU.Lock()
	defer o.fqdnMU.Unlock()
	o.fqdnSel = append(o.fqdnSel, s)
	return 0
}

func (o *oracle) UnregisterFQDNSelector(api.FQDNSelector) uint64 { return 0 }

func prefixOf(a netip.Addr) cmtypes.PrefixCluster {
	return cmtypes.NewLocalPrefixCluster(netip.PrefixFrom(a, a.BitLen()))
}

func newOracle(logger *slog.Logger, cfg config, w *World, pols []loaded) (o *oracle, err error) {
	quiet := slog.New(slog.DiscardHandler)
	o = &oracle{
		logger: logger, cfg: cfg,
		pods: map[string]*pod{}, byIP: map[netip.Addr]*pod{}, nodes: map[string]netip.Addr{},
		dns: map[string][]netip.Addr{},
	}
	o.idmgr = identitymanager.NewIDManager(logger)
	// as newPolicyRepo in pkg/policy/cell/cell.go:63
	o.repo = policy.NewPolicyRepository(
		logger,
		identity.ListReservedIdentities(),
		&testcertificatemanager.Fake{},
		envoypolicy.NewEnvoyL7RulesTranslator(quiet, nil),
		o.idmgr,
		testpolicy.NewPolicyMetricsNoop(),
	)
	o.repo.GetSelectorCache().SetLocalIdentityNotifier(o)
	o.alloc = cache.NewCachingIdentityAllocator(logger, o, cache.NewTestAllocatorConfig())
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	o.ipc = ipcache.NewIPCache(&ipcache.Configuration{
		Context:           context.Background(),
		Logger:            logger,
		IdentityAllocator: o.alloc,
		IdentityUpdater:   o,
	})
	o.repo.SetNamedPortsGetter(o.ipc) // as pkg/ipcache/cell/cell.go:60

	if err := o.addHosts(w); err != nil {
		return nil, err
	}
	if err := o.addPods(w); err != nil {
		return nil, err
	}
	// Nodes and API server first, as in a running agent.
	if err := o.ipc.WaitForRevision(ctx, o.ipc.UpsertMetadataBatch()); err != nil {
		return nil, fmt.Errorf("ipcache: %w", err)
	}

	if err := o.importPolicies(ctx, pols); err != nil {
		return nil, err
	}

	// Resolve the policy of every identity (this registers toFQDNs selectors), then feed DNS.
	for _, p := range o.pods {
		if err := o.resolve(p); err != nil {
			return nil, err
		}
	}
	for name, ips := range w.DNS {
		for _, s := range ips {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("world: dns %s: %w", name, err)
			}
			o.dns[name] = append(o.dns[name], a)
		}
	}
	if err := o.feedDNS(ctx); err != nil {
		return nil, err
	}
	return o, nil
}

// close stops the ipcache's controller, so that a next oracle starts alone.
func (o *oracle) close() { _ = o.ipc.Shutdown() }

// addHosts: node IPs (pkg/node/manager/manager.go:620,755; daemon/cmd/hostips-sync.go:153,189),
// the world override (hostips-sync.go:192) and kube-apiserver backends (pkg/ipcache/cell/apiserver_watcher.go:76).
func (o *oracle) addHosts(w *World) error {
	daemon := ipcachetypes.NewResourceID(ipcachetypes.ResourceKindDaemon, "", "reserved")
	if option.Config.EnableIPv4 {
		lbl := labels.LabelWorld
		if option.Config.EnableIPv6 {
			lbl = labels.LabelWorldIPv4
		}
		o.ipc.OverrideIdentity(cmtypes.NewLocalPrefixCluster(netip.PrefixFrom(netip.IPv4Unspecified(), 0)), lbl, source.Local, daemon)
	}
	if option.Config.EnableIPv6 {
		lbl := labels.LabelWorld
		if option.Config.EnableIPv4 {
			lbl = labels.LabelWorldIPv6
		}
		o.ipc.OverrideIdentity(cmtypes.NewLocalPrefixCluster(netip.PrefixFrom(netip.IPv6Unspecified(), 0)), lbl, source.Local, daemon)
	}
	for _, n := range w.Nodes {
		a, err := netip.ParseAddr(n.IP)
		if err != nil {
			return fmt.Errorf("world: node %s: %w", n.Name, err)
		}
		o.nodes[n.Name] = a
		lbls := labels.NewFrom(labels.LabelRemoteNode)
		if n.Local {
			lbls = labels.NewFrom(labels.LabelHost)
		}
		if option.Config.PerNodeLabelsEnabled() {
			filtered, _ := labelsfilter.FilterNodeLabels(labels.Map2Labels(n.Labels, labels.LabelSourceNode))
			lbls.MergeLabels(filtered)
			lbls.MergeLabels(labels.Map2Labels(map[string]string{k8sConst.PolicyLabelCluster: o.cfg.clusterName}, labels.LabelSourceK8s))
		}
		if option.Config.PolicyCIDRMatchesNodes() {
			lbls.MergeLabels(labels.GetCIDRLabels(netip.PrefixFrom(a, a.BitLen())))
		}
		o.ipc.UpsertMetadata(prefixOf(a), source.CustomResource, ipcachetypes.NewResourceID(ipcachetypes.ResourceKindNode, "", n.Name), lbls)
		if n.Local {
			o.ipc.UpsertMetadata(prefixOf(a), source.Local, daemon, labels.LabelHost)
		}
	}
	if w.APIServer != nil && w.APIServer.IP != "" {
		a, err := netip.ParseAddr(w.APIServer.IP)
		if err != nil {
			return fmt.Errorf("world: apiserver: %w", err)
		}
		o.apisrv = a
		o.ipc.UpsertMetadata(prefixOf(a), source.KubeAPIServer,
			ipcachetypes.NewResourceID(ipcachetypes.ResourceKindEndpoint, "default", "kubernetes"), labels.LabelKubeAPIServer)
	}
	return nil
}

type nsInfo struct {
	name   string
	labels map[string]string
}

func (n nsInfo) GetName() string              { return n.name }
func (n nsInfo) GetLabels() map[string]string { return n.labels }

// addPods gives every pod its security identity, as pkg/endpoint/metadata/k8s_metadatafetcher.go:57-98 does.
func (o *oracle) addPods(w *World) error {
	nss := map[string]nsInfo{}
	addNS := func(name string, lbls map[string]string) {
		m := map[string]string{"kubernetes.io/metadata.name": name} // the API server sets it on every namespace
		for k, v := range lbls {
			m[k] = v
		}
		nss[name] = nsInfo{name, m}
	}
	for _, n := range w.Namespaces {
		addNS(n.Name, n.Labels)
	}
	nodeIPs := map[netip.Addr]bool{}
	for _, a := range o.nodes {
		nodeIPs[a] = true
	}

	byLabels := map[string]*identity.Identity{}
	next := identity.MinimalNumericIdentity
	added := identity.IdentityMap{}
	for _, wp := range w.Pods {
		if wp.Namespace == "" {
			wp.Namespace = "default"
		}
		key := wp.Namespace + "/" + wp.Name
		if o.pods[key] != nil {
			return fmt.Errorf("world: pod %s appears twice", key)
		}
		if _, ok := nss[wp.Namespace]; !ok {
			addNS(wp.Namespace, nil)
		}
		sa := wp.ServiceAccount
		if sa == "" {
			sa = "default"
		}
		kp := &slim_corev1.Pod{
			ObjectMeta: slim_metav1.ObjectMeta{Name: wp.Name, Namespace: wp.Namespace, Labels: wp.Labels},
			Spec:       slim_corev1.PodSpec{ServiceAccountName: sa, Containers: []slim_corev1.Container{{}}},
		}
		for _, p := range wp.Ports {
			proto := p.Protocol
			if proto == "" {
				proto = "TCP"
			}
			kp.Spec.Containers[0].Ports = append(kp.Spec.Containers[0].Ports, slim_corev1.ContainerPort{
				Name: p.Name, ContainerPort: p.Port, Protocol: slim_corev1.Protocol(proto),
			})
		}
		namedPorts, lbls := k8s.GetPodMetadata(o.logger, nss[wp.Namespace], kp)
		idLabels, _ := labelsfilter.Filter(labels.Map2Labels(lbls, labels.LabelSourceK8s))
		for _, l := range k8s.NamedPortsIdentityLabels(namedPorts) {
			idLabels[l.Key] = l
		}
		k := string(idLabels.SortedList())
		id := byLabels[k]
		if id == nil {
			id = identity.NewIdentity(next, idLabels)
			next++
			byLabels[k] = id
			added[id.ID] = id.LabelArray
		}
		p := &pod{key: key, id: id, namedPorts: namedPorts}
		if wp.IP != "" {
			a, err := netip.ParseAddr(wp.IP)
			if err != nil {
				return fmt.Errorf("world: pod %s: %w", key, err)
			}
			if nodeIPs[a] {
				return fmt.Errorf("world: pod %s has a node's IP; a host-network pod is not an endpoint: ask with {\"node\":...}", key)
			}
			if o.byIP[a] != nil {
				return fmt.Errorf("world: pods %s and %s share the IP %s", key, o.byIP[a].key, a)
			}
			p.ip = a
			o.byIP[a] = p
			if _, err := o.ipc.Upsert(a.String(), nil, 0,
				&ipcache.K8sMetadata{Namespace: wp.Namespace, PodName: wp.Name, NamedPorts: namedPorts},
				ipcache.Identity{ID: id.ID, Source: source.CustomResource}); err != nil {
				return fmt.Errorf("world: pod %s: ipcache: %w", key, err)
			}
		}
		o.pods[key] = p
	}
	o.UpdateIdentities(added, nil)      // peers
	o.repo.UpdateIdentities(added, nil) // subjects
	return nil
}

// importPolicies is pkg/policy/cell/policy_importer.go: prefixes into the ipcache first
// (updatePrefixes, :121), then the rules into the repository (processUpdates, :247).
func (o *oracle) importPolicies(ctx context.Context, pols []loaded) (err error) {
	cur := ""
	defer func() {
		if p := recover(); p != nil {
			err = refuse("%s: cilium panics on it: %v", cur, p)
		}
	}()
	var ups []ipcache.MU
	for _, l := range pols {
		cur = l.name
		if l.group != nil {
			for _, prefix := range l.group.prefixes { // applyCIDRGroup, pkg/policy/k8s/cilium_cidr_group.go:103
				lbls := maps.Clone(l.group.labels)
				lbls.AddWorldLabel(prefix.Addr())
				ups = append(ups, ipcache.MU{
					Prefix:   cmtypes.NewLocalPrefixCluster(prefix),
					Source:   l.source,
					Resource: l.resource,
					Metadata: []ipcache.IPMetadata{lbls},
				})
			}
			continue
		}
		for _, prefix := range policy.GetCIDRPrefixes(l.rules) {
			ups = append(ups, ipcache.MU{
				Prefix:   cmtypes.NewLocalPrefixCluster(prefix),
				Source:   l.source,
				Resource: l.resource,
				Metadata: []ipcache.IPMetadata{labels.GetCIDRLabels(prefix)},
				IsCIDR:   true,
			})
		}
	}
	if len(ups) > 0 {
		if err := o.ipc.WaitForRevision(ctx, o.ipc.UpsertMetadataBatch(ups...)); err != nil {
			return fmt.Errorf("ipcache: %w", err)
		}
	}
	for _, l := range pols {
		if l.group != nil {
			continue
		}
		cur = l.name
		o.repo.ReplaceByResource(l.rules, l.resource)
	}
	return nil
}

func (o *oracle) resolve(p *pod) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = refuse("policy of pod %s: cilium panics: %v", p.key, r)
		}
	}()
	sp, _, err := o.repo.ComputeSelectorPolicy(p.id)
	if err != nil {
		return refuse("policy of pod %s: cilium: %w", p.key, err)
	}
	p.selPol = sp
	return nil
}

// feedDNS does what pkg/fqdn/namemanager/manager.go:315,435 does for names already resolved.
func (o *oracle) feedDNS(ctx context.Context) error {
	var ups []ipcache.MU
	for name, addrs := range o.dns {
		fq := strings.ToLower(strings.TrimSuffix(name, ".")) + "."
		lbls := labels.Labels{}
		for _, s := range o.fqdnSel {
			re, err := s.ToRegex()
			if err == nil && re.MatchString(fq) {
				l := s.IdentityLabel()
				lbls[l.Key] = l
			}
		}
		if len(lbls) == 0 {
			continue
		}
		for _, a := range addrs {
			ups = append(ups, ipcache.MU{
				Prefix: prefixOf(a), Source: source.Generated,
				Resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindDaemon, "", "fqdn-name-manager:"+fq),
				Metadata: []ipcache.IPMetadata{lbls},
			})
		}
	}
	if len(ups) == 0 {
		return nil
	}
	return o.ipc.WaitForRevision(ctx, o.ipc.UpsertMetadataBatch(ups...))
}

// owner is the PolicyOwner of a pod: pkg/policy/lookup.go endpointInfo, with the pod's named ports
// looked up as pkg/endpoint/policy.go:69 does.
type owner struct{ p *pod }

func (w *owner) GetID() uint64 { return uint64(w.p.id.ID) }
func (w *owner) GetIngressNamedPort(name string, proto u8proto.U8proto) uint16 {
	port, _ := w.p.namedPorts.GetNamedPort(name, proto)
	return port
}
func (w *owner) PolicyDebug(string, ...any)                  {}
func (w *owner) IsHost() bool                                { return false }
func (w *owner) PreviousMapStateSizes() policy.MapStateSizes { return policy.MapStateSizes{} }
func (w *owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	ch := make(chan bool)
	close(ch)
	return ch
}

// policyMap distills a pod's policy map once: the same calls as policy.LookupFlow (pkg/policy/lookup.go:81-92).
func (o *oracle) policyMap(p *pod) *policy.EndpointPolicy {
	if p.epp == nil {
		p.epp = p.selPol.DistillPolicy(o.logger, &owner{p}, map[string]uint16{policy.FallbackRedirectID: math.MaxUint16})
		_ = p.epp.Ready()
	}
	return p.epp
}

type side struct {
	nid identity.NumericIdentity
	pod *pod
}

func (o *oracle) lookupIP(a netip.Addr) (side, error) {
	a = a.Unmap()
	if p := o.byIP[a]; p != nil {
		return side{p.id.ID, p}, nil
	}
	id, ok := o.ipc.LookupSecIDByIP(a)
	if !ok {
		// no 0.0.0.0/0 (::/0) entry for a family that is off: the datapath's fallback is world
		return side{identity.GetWorldIdentityFromIP(a), nil}, nil
	}
	return side{id.ID, nil}, nil
}

func (o *oracle) side(e Endpoint) (side, error) {
	switch {
	case e.Pod != "":
		key := e.Pod
		if !strings.Contains(key, "/") {
			key = "default/" + key
		}
		p := o.pods[key]
		if p == nil {
			return side{}, fmt.Errorf("no pod %s in the world", key)
		}
		return side{p.id.ID, p}, nil
	case e.IP != "":
		a, err := netip.ParseAddr(e.IP)
		if err != nil {
			return side{}, err
		}
		return o.lookupIP(a)
	case e.Node != "":
		a, ok := o.nodes[e.Node]
		if !ok {
			return side{}, fmt.Errorf("no node %s in the world", e.Node)
		}
		return o.lookupIP(a)
	case e.APIServer:
		if !o.apisrv.IsValid() {
			return side{}, fmt.Errorf("the world has no apiserver")
		}
		return o.lookupIP(o.apisrv)
	case e.World:
		if id, ok := o.ipc.LookupByPrefix("0.0.0.0/0"); ok {
			return side{id.ID, nil}, nil
		}
		return side{identity.ReservedIdentityWorld, nil}, nil
	}
	return side{}, fmt.Errorf("an endpoint needs pod, ip, node, apiserver or world")
}

func (o *oracle) identityOf(nid identity.NumericIdentity, p *pod) *identity.Identity {
	if p != nil {
		return p.id
	}
	return o.alloc.LookupIdentityByID(context.Background(), nid)
}

func (o *oracle) answer(q *Query) *Verdict {
	v := &Verdict{ID: q.ID}
	fail := func(format string, a ...any) *Verdict {
		return &Verdict{ID: q.ID, Error: fmt.Sprintf(format, a...)}
	}
	from, err := o.side(q.From)
	if err != nil {
		return fail("from: %v", err)
	}
	to, err := o.side(q.To)
	if err != nil {
		return fail("to: %v", err)
	}
	ps := q.Protocol
	if ps == "" {
		ps = "TCP"
	}
	proto, err := u8proto.ParseProtocol(ps)
	if err != nil || proto == u8proto.ANY {
		return fail("protocol %q", q.Protocol)
	}
	if q.Port < 1 || q.Port > 65535 {
		return fail("port %d", q.Port)
	}
	port := uint16(q.Port)
	if o.cfg.explain {
		v.Explain = &Explain{From: o.describe(from), To: o.describe(to)}
	}

	v.Egress, v.Ingress, v.Verdict = "n/a", "n/a", "allow"
	if from.pod != nil {
		e, meta, found := o.policyMap(from.pod).Lookup(policy.EgressKey().WithIdentity(to.nid).WithPortProto(proto, port))
		v.Egress = word(e)
		if v.Explain != nil {
			v.Explain.EgressRules, v.Explain.EgressEntry = ruleNames(meta), entry(e, found)
		}
	}
	if to.pod != nil {
		e, meta, found := o.policyMap(to.pod).Lookup(policy.IngressKey().WithIdentity(from.nid).WithPortProto(proto, port))
		v.Ingress = word(e)
		if v.Explain != nil {
			v.Explain.IngressRules, v.Explain.IngressEntry = ruleNames(meta), entry(e, found)
		}
	}
	if v.Egress == "deny" || v.Ingress == "deny" {
		v.Verdict = "deny"
	}
	if o.cfg.check {
		if err := o.checkFlow(v, from, to, proto, port); err != nil {
			return fail("check: %v", err)
		}
	}
	return v
}

func word(e types.MapStateEntry) string {
	if e.IsDeny() {
		return "deny"
	}
	return "allow"
}

func entry(e types.MapStateEntry, found bool) string {
	if !found {
		return "no entry: default deny"
	}
	return e.String()
}

func ruleNames(m policy.RuleMeta) []string {
	var out []string
	for _, arr := range m.LabelArray() {
		var kind, ns, name string
		for _, l := range arr {
			switch l.Key {
			case k8sConst.PolicyLabelDerivedFrom:
				kind = l.Value
			case k8sConst.PolicyLabelNamespace:
				ns = l.Value
			case k8sConst.PolicyLabelName:
				name = l.Value
			}
		}
		if name == "" {
			out = append(out, arr.String())
			continue
		}
		out = append(out, kind+" "+strings.TrimPrefix(ns+"/"+name, "/"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (o *oracle) describe(s side) string {
	id := o.identityOf(s.nid, s.pod)
	if id == nil {
		return s.nid.String()
	}
	return fmt.Sprintf("%d %s", id.ID, strings.Join(id.Labels.GetPrintableModel(), " "))
}

// checkFlow asks policy.LookupFlow, Cilium's own test helper, the same question.
func (o *oracle) checkFlow(v *Verdict, from, to side, proto u8proto.U8proto, port uint16) error {
	fid, tid := o.identityOf(from.nid, from.pod), o.identityOf(to.nid, to.pod)
	if fid == nil || tid == nil {
		return fmt.Errorf("no identity for %d or %d", from.nid, to.nid)
	}
	m := identity.IdentityMap{}
	for _, i := range []*identity.Identity{fid, tid} {
		m[i.ID] = i.LabelArray
	}
	o.repo.UpdateIdentities(m, nil)
	f := types.Flow{From: fid, To: tid, Proto: proto, Dport: port, NamedPortsTCP: map[string]uint16{}, NamedPortsUDP: map[string]uint16{}}
	if to.pod != nil {
		for n, p := range to.pod.namedPorts {
			switch p.Proto {
			case u8proto.TCP:
				f.NamedPortsTCP[n] = p.Port
			case u8proto.UDP:
				f.NamedPortsUDP[n] = p.Port
			}
		}
	}
	r, _, _, err := policy.LookupFlow(o.logger, o.repo, o.idmgr, f)
	if err != nil {
		return err
	}
	cmp := func(side, mine string, theirs types.Decision) error {
		if mine == "n/a" {
			return nil
		}
		if (mine == "allow") != (theirs == types.DecisionAllowed) {
			return fmt.Errorf("%s: %s, LookupFlow says %s", side, mine, theirs)
		}
		return nil
	}
	if err := cmp("egress", v.Egress, r.Egress); err != nil {
		return err
	}
	return cmp("ingress", v.Ingress, r.Ingress)
}

func (o *oracle) dump(w io.Writer) {
	keys := make([]string, 0, len(o.pods))
	for k := range o.pods {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		p := o.pods[k]
		fmt.Fprintf(w, "pod %s %s\n", k, o.describe(side{p.id.ID, p}))
		fmt.Fprintln(w, o.policyMap(p).GetMapState().String())
	}
	for n, a := range o.nodes {
		s, _ := o.lookupIP(a)
		fmt.Fprintf(w, "node %s %s %s\n", n, a, o.describe(s))
	}
	if o.apisrv.IsValid() {
		s, _ := o.lookupIP(o.apisrv)
		fmt.Fprintf(w, "apiserver %s %s\n", o.apisrv, o.describe(s))
	}
}
