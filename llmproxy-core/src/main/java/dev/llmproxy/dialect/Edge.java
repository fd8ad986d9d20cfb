package dev.llmproxy.dialect;

/** What stands between the application and a provider and answers in its place. New ones may come in minor releases. */
public enum Edge {
    /** The login page of a network, as in hotels and trains. */
    CAPTIVE_PORTAL,
    /** Zscaler, a filter of companies. */
    ZSCALER,
    /** Netskope, a filter of companies. */
    NETSKOPE,
    /** Fortinet's filter. */
    FORTINET,
    /** Palo Alto's filter. */
    PALO_ALTO,
    /** The firewall of Alibaba Cloud. */
    ALIBABA_WAF,
    /** The proxy Squid. */
    SQUID,
    /** Cloudflare. */
    CLOUDFLARE,
    /** Amazon's CloudFront. */
    CLOUDFRONT,
    /** Amazon's load balancer. */
    AWS_LOAD_BALANCER,
    /** Google's front end. */
    GOOGLE,
    /** Microsoft's Front Door and Application Gateway. */
    AZURE,
    /** Akamai. */
    AKAMAI,
    /** Varnish, and Fastly, which is built on it. */
    VARNISH,
    /** Envoy, and what is built on it. */
    ENVOY,
    /** nginx, and what is built on it. */
    NGINX,
    /** HAProxy. */
    HAPROXY,
    /** Apache. */
    APACHE,
    /** Microsoft's IIS. */
    IIS
}
