/** Who may do what with the server, what names may be, and what clients are told. */
package dev.graft.server.access;
