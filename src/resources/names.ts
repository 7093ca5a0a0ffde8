/** DNS-1123 subdomain (apimachinery, `IsDNS1123Subdomain`), but for its 253 characters. */
export const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
