package main

import (
	"fmt"
	"net/netip"

	"github.com/cilium/statedb"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	ciliumv2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/loadbalancer"
	policyk8s "github.com/cilium/cilium/pkg/policy/k8s"
	"github.com/cilium/cilium/pkg/source"
)

// services holds the Services of a world in the agent's own tables.
type services struct {
	db       *statedb.DB
	services statedb.RWTable[*loadbalancer.Service]
	backends statedb.RWTable[*loadbalancer.Backend]
}

func newServices(w *World) (*services, error) {
	db := statedb.New()
	svcs, err := loadbalancer.NewServicesTable(loadbalancer.DefaultConfig, db)
	if err != nil {
		return nil, err
	}
	backends, err := loadbalancer.NewBackendsTable(db)
	if err != nil {
		return nil, err
	}
	txn := db.WriteTxn(svcs, backends)
	defer txn.Commit()
	for _, s := range w.Services {
		name := loadbalancer.NewServiceName(s.Namespace, s.Name)
		if _, _, err := svcs.Insert(txn, &loadbalancer.Service{
			Name:     name,
			Source:   source.Kubernetes,
			Labels:   labels.Map2Labels(s.Labels, labels.LabelSourceK8s),
			Selector: s.Selector,
		}); err != nil {
			return nil, err
		}
		for _, e := range s.Endpoints {
			a, err := netip.ParseAddr(e)
			if err != nil {
				return nil, fmt.Errorf("world: service %s: %w", name, err)
			}
			if _, _, err := backends.Insert(txn, &loadbalancer.Backend{
				ServiceName: name,
				Address:     loadbalancer.NewL3n4Addr(loadbalancer.TCP, cmtypes.AddrClusterFrom(a, 0), 0, loadbalancer.ScopeExternal),
				Source:      source.Kubernetes,
			}); err != nil {
				return nil, err
			}
		}
	}
	return &services{db, svcs, backends}, nil
}

// resolve is what resolveCiliumNetworkPolicyRefs in pkg/policy/k8s/cilium_network_policy.go does before a policy is parsed.
func (s *services) resolve(cnp *ciliumv2.CiliumNetworkPolicy) {
	policyk8s.ResolveToServices(s.db.ReadTxn(), s.services, s.backends, cnp)
}
