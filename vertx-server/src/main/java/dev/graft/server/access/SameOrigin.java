package dev.graft.server.access;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps web pages of others from calling the server through the browser of a reader who may.
 *
 * <p>A page elsewhere that sends a request (cross-site request forgery) is told by the header
 * {@code Origin}, which browsers add and pages cannot change; where they add none, as for a picture
 * or a link, {@code Sec-Fetch-Site} tells it. A page whose name is made to point to this machine
 * after it was loaded (DNS rebinding) is of the same origin; it is told by its name, where only
 * names of this machine are served.
 */
public final class SameOrigin {

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  /** What browsers say of requests of its own pages, and of those that a person typed. */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  /** Names that the server is asked by; empty where it is asked by any. */
  private final Set<String> hosts;

  private SameOrigin(Set<String> hosts) {
    this.hosts = hosts;
  }

  /** For a server that is asked by any name. */
  public static SameOrigin anyHost() {
    return new SameOrigin(Set.of());
  }

  /**
   * For a server that this machine alone asks.
   *
   * @param address that it listens on, by which it is asked, too
   */
  public static SameOrigin thisMachine(String address) {
    Set<String> hosts = new TreeSet<>(THIS_MACHINE);
    hosts.add(address.toLowerCase(Locale.ROOT));
    return new SameOrigin(hosts);
  }

  /**
   * Lets a request pass.
   *
   * @param linked whether pages elsewhere may lead to what is asked for, since it does nothing
   * @throws Refusal if it comes from a page elsewhere, or asks a host that is not this one
   */
  public void check(HttpServerRequest request, boolean linked) {
    HostAndPort asked = request.authority();
    String name = asked == null ? "" : asked.host().toLowerCase(Locale.ROOT);
    String host = asked == null || asked.port() < 0 ? name : name + ":" + asked.port();
    check(request.scheme(), host, request.getHeader("origin"));
    String site = request.getHeader("sec-fetch-site");
    if (!linked && site != null && !OWN_SITES.contains(site)) {
      throw Refusal.forbidden(
          "a page of another site ('%s') may not ask this server; type the address into the"
              + " browser, or ask from a program that is no browser",
          site);
    }
  }

  /**
   * The same of what a request says.
   *
   * @param host in small letters, with the port unless it is the usual one; empty if there is none
   * @param origin of the page that asks, or null
   */
  void check(String scheme, String host, String origin) {
    if (!hosts.isEmpty() && !hosts.contains(host.replaceFirst(":[0-9]+$", ""))) {
      throw Refusal.forbidden(
          "host '%s' is not served without tokens; ask one of %s, or start the server with tokens",
          host, hosts);
    }
    // In front of a server without TLS there may be a proxy with it: https is as good as its own.
    if (origin != null
        && !origin.equalsIgnoreCase(scheme + "://" + host)
        && !origin.equalsIgnoreCase("https://" + host)) {
      throw Refusal.forbidden(
          "pages of '%s' may not ask this server, those of %s://%s may; ask from its own page, or"
              + " from a program that is no browser",
          origin, scheme, host);
    }
  }
}
