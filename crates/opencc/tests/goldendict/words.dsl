#NAME "Words"
#INDEX_LANGUAGE "Chinese"
#CONTENTS_LANGUAGE "English"

頭髮
	hair
