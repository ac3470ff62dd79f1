"""The pages behind the links in the mails: server-rendered, without scripts, good on a phone."""
